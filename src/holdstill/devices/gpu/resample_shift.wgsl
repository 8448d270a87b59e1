// Resampling by a shift: the weights are those of the frame. One thread makes a word of ROWS rows.

struct Move {
    frame: u32,
    firsts: array<i32, 3>,   // first weighted pixel of the frame, less the pixel of the result: z, y, x
    nearest: array<i32, 3>,
    starts: array<i32, 3>,   // what of the result the frame shows
    stops: array<i32, 3>,
    weights: array<f32, 18>, // six for each axis
}

@group(0) @binding(2) var<storage, read> moves: array<Move>;
@group(0) @binding(3) var<storage, read> fill: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<u32>;
@group(0) @binding(5) var<storage, read_write> clamps: array<atomic<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let words = (size.width + PER_WORD - 1u) / PER_WORD;
    let column = group.x * 64u + lane;
    if (column >= words) {
        return;
    }
    let n = group.z;
    let frame = moves[n].frame;
    let firsts = vec3(moves[n].firsts[0], moves[n].firsts[1], moves[n].firsts[2]);
    let nearest = vec3(moves[n].nearest[0], moves[n].nearest[1], moves[n].nearest[2]);
    let starts = vec3(moves[n].starts[0], moves[n].starts[1], moves[n].starts[2]);
    let stops = vec3(moves[n].stops[0], moves[n].stops[1], moves[n].stops[2]);
    for (var k = 0; k < N_Z; k++) {
        wz[k] = moves[n].weights[k];
    }
    for (var k = 0; k < N; k++) {
        wy[k] = moves[n].weights[6 + k];
        wx[k] = moves[n].weights[12 + k];
    }
    var clamped = 0u;
    let n_rows = size.depth * size.height;
    for (var row = group.y * ROWS; row < min((group.y + 1u) * ROWS, n_rows); row++) {
        var word = 0u;
        for (var k = 0u; k < PER_WORD; k++) {
            let x = column * PER_WORD + k;
            let at = vec3(i32(row / size.height), i32(row % size.height), i32(x));
            if (x < size.width) {
                word |= resampled(frame, at, firsts, nearest, starts, stops, &clamped) << (k * (32u / PER_WORD) % 32u);
            }
        }
        out[(n * n_rows + row) * words + column] = word;
    }
    if (clamped > 0u) {
        atomicAdd(&clamps[n], clamped);
    }
}

fn resampled(
    frame: u32, at: vec3<i32>, firsts: vec3<i32>, nearest: vec3<i32>, starts: vec3<i32>, stops: vec3<i32>,
    clamped: ptr<function, u32>,
) -> u32 {
    if (CONSTANT && !(all(at >= starts) && all(at < stops))) {
        return bits_of(fill[0], clamped);
    }
    let found = sample(frame, at + firsts, at + nearest);
    if (!found.is_known) {
        return NAN;
    }
    return bits_of(found.value, clamped);
}
