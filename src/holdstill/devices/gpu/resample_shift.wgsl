// Resampling by a shift: the weights are those of the frame. One thread makes a word of ROWS rows, and walking down it
// mixes each row of the frame once, along x and z.

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

// What a row of the frame gives to the pixels of a word, NaN left out, and the weight of what is known.
struct Mixed {
    value: vec4<f32>,
    known: vec4<f32>,
}

var<private> ring: array<Mixed, TAPS>;

fn mixed(frame: u32, z: i32, y: i32, x: i32) -> Mixed {
    var found = Mixed(vec4(0.0), vec4(0.0));
    let row = folded(y, size.height);
    for (var k = 0; k < N_Z; k++) {
        let start = row_start(frame, folded(z + k, size.depth), row);
        var taps: array<f32, TAPS + PER_WORD - 1u>;
        for (var i = 0u; i < TAPS + PER_WORD - 1u; i++) {
            taps[i] = load(start, folded(x + i32(i), size.width));
        }
        for (var i = 0u; i < TAPS; i++) {
            for (var p = 0u; p < PER_WORD; p++) {
                if (is_finite(taps[i + p])) {
                    found.value[p] += wz[k] * wx[i] * taps[i + p];
                    found.known[p] += wz[k] * wx[i];
                }
            }
        }
    }
    return found;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let words = (size.width + PER_WORD - 1u) / PER_WORD;
    let column = group.x * 64u + lane;
    if (column >= words) {
        return;
    }
    let n = group.z;
    let frame = moves[n].frame;
    for (var k = 0; k < N_Z; k++) {
        wz[k] = moves[n].weights[k];
    }
    for (var k = 0; k < N; k++) {
        wy[k] = moves[n].weights[6 + k];
        wx[k] = moves[n].weights[12 + k];
    }
    let tiles = (size.height + ROWS - 1u) / ROWS;
    let z = i32(group.y / tiles);
    let top = i32(group.y % tiles * ROWS);
    let bottom = min(top + i32(ROWS), i32(size.height));
    let first_z = z + moves[n].firsts[0];
    let first_y = moves[n].firsts[1];
    let first_x = i32(column * PER_WORD) + moves[n].firsts[2];
    let shows_z = z >= moves[n].starts[0] && z < moves[n].stops[0];
    for (var k = 0; k < N - 1; k++) {
        ring[k + 1] = mixed(frame, first_z, top + first_y + k, first_x);
    }
    var clamped = 0u;
    for (var y = top; y < bottom; y++) {
        for (var k = 0; k < N - 1; k++) {
            ring[k] = ring[k + 1];
        }
        ring[N - 1] = mixed(frame, first_z, y + first_y + N - 1, first_x);
        let shows_row = shows_z && y >= moves[n].starts[1] && y < moves[n].stops[1];
        var word = 0u;
        for (var p = 0u; p < PER_WORD; p++) {
            let x = i32(column * PER_WORD + p);
            let is_shown = !CONSTANT || (shows_row && x >= moves[n].starts[2] && x < moves[n].stops[2]);
            if (x < i32(size.width)) {
                word |= pixel_bits(n, vec3(z, y, x), p, is_shown, &clamped) << (p * (32u / PER_WORD) % 32u);
            }
        }
        out[((n * size.depth + u32(z)) * size.height + u32(y)) * words + column] = word;
    }
    if (clamped > 0u) {
        atomicAdd(&clamps[n], clamped);
    }
}

fn pixel_bits(n: u32, at: vec3<i32>, p: u32, is_shown: bool, clamped: ptr<function, u32>) -> u32 {
    if (!is_shown) {
        return bits_of(fill[0], clamped);
    }
    var total = 0.0;
    var known = 0.0;
    for (var k = 0; k < N; k++) {
        total += wy[k] * ring[k].value[p];
        known += wy[k] * ring[k].known[p];
    }
    if (!FLOATS) {
        return bits_of(total, clamped);
    }
    let middle = pixel(moves[n].frame, at + vec3(moves[n].nearest[0], moves[n].nearest[1], moves[n].nearest[2]));
    if (!is_finite(middle)) {
        return NAN;
    }
    return bits_of(select(middle, total / known, known > THIN), clamped);
}
