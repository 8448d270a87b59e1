// Values of a frame at a place of its own for each pixel of the result; one thread makes a word of ROWS rows. Kernels say
// with `place(q)` where pixel q lies in the frame.

@group(0) @binding(3) var<storage, read> fill: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<u32>;
@group(0) @binding(5) var<storage, read_write> clamps: array<atomic<u32>>;

fn weights(fraction: vec3<f32>) {
    var sums = vec3(0.0);
    for (var k = 0; k < N; k++) {
        wy[k] = weight(fraction.y, k);
        wx[k] = weight(fraction.z, k);
        sums += vec3(0.0, wy[k], wx[k]);
    }
    for (var k = 0; k < N_Z; k++) {
        wz[k] = select(1.0, weight(fraction.x, k), VOLUME);
        sums.x += wz[k];
    }
    if (METHOD == 3u) {
        for (var k = 0; k < N; k++) {
            wy[k] /= sums.y;
            wx[k] /= sums.z;
        }
        for (var k = 0; k < N_Z; k++) {
            wz[k] /= sums.x;
        }
    }
}

// Whether the frame shows a place, its borders and BORDER of a pixel beyond included.
fn is_shown(at: Place) -> bool {
    let last = vec3(i32(size.depth), i32(size.height), i32(size.width)) - 1;
    let before = (at.whole >= vec3(0)) | ((at.whole == vec3(-1)) & (at.fraction >= vec3(1.0 - BORDER)));
    let behind = (at.whole < last) | ((at.whole == last) & (at.fraction <= vec3(BORDER)));
    return all(before & behind);
}

fn resampled(frame: u32, q: vec3<f32>, clamped: ptr<function, u32>) -> u32 {
    let at = place(q);
    if (CONSTANT && !is_shown(at)) {
        return bits_of(fill[0], clamped);
    }
    let nearest = at.whole + vec3<i32>(at.fraction >= vec3(0.5));
    var first = nearest;
    if (METHOD != 0u) {
        first = at.whole - vec3(select(0, BACK, VOLUME), BACK, BACK);
    }
    weights(at.fraction);
    let found = sample(frame, first, nearest);
    if (!found.is_known) {
        return NAN;
    }
    return bits_of(found.value, clamped);
}

fn fill_words(group: vec3<u32>, lane: u32, frame: u32) {
    let words = (size.made[2] + PER_WORD - 1u) / PER_WORD;
    let column = group.x * 64u + lane;
    if (column >= words) {
        return;
    }
    let tiles = (size.made[1] + ROWS - 1u) / ROWS;
    let z = group.y / tiles;
    let top = group.y % tiles * ROWS;
    var clamped = 0u;
    for (var y = top; y < min(top + ROWS, size.made[1]); y++) {
        var word = 0u;
        for (var k = 0u; k < PER_WORD; k++) {
            let x = column * PER_WORD + k;
            if (x < size.made[2]) {
                word |= resampled(frame, vec3(f32(z), f32(y), f32(x)), &clamped) << (k * (32u / PER_WORD) % 32u);
            }
        }
        out[((group.z * size.made[0] + z) * size.made[1] + y) * words + column] = word;
    }
    if (clamped > 0u) {
        atomicAdd(&clamps[group.z], clamped);
    }
}
