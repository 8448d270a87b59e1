// The reference: coefficients of its cubic B-spline, padded by two on each side (not along z in two dimensions), and
// the model of a pixel with the weight of its residual.

struct Model {
    noise_gain: f32,
    read_variance: f32,
    dark: f32,
}

@group(0) @binding(2) var<storage, read> coefficients: array<f32>;
@group(0) @binding(3) var<storage, read> mask: array<u32>;
@group(0) @binding(4) var<storage, read> noise: Model;

const PADDED = 2u;

// Index of the coefficient that belongs to a pixel of the reference.
fn coefficient_at(z: i32, y: i32, x: i32) -> u32 {
    let height = i32(size.height + 2u * PADDED);
    let width = i32(size.width + 2u * PADDED);
    return u32(((z + i32(VOLUME) * i32(PADDED)) * height + y + i32(PADDED)) * width + x + i32(PADDED));
}

fn four(at: u32) -> vec4<f32> {
    return vec4(coefficients[at], coefficients[at + 1u], coefficients[at + 2u], coefficients[at + 3u]);
}

fn counts(z: i32, y: i32, x: i32) -> bool {
    if (!MASKED) {
        return true;
    }
    let at = u32((z * i32(size.height) + y) * i32(size.width) + x);
    return extractBits(mask[at >> 2u], (at & 3u) * 8u, 8u) != 0u;
}

// Add one pixel to the sums of the thread; `bases` are the model's derivatives, see sums.py.
fn weigh(pixel: f32, value: f32, bases: array<f32, BASES>, gain: f32, offset: f32, cut: f32, y: f32) {
    let expected = gain * value + offset;
    let residual = pixel - expected;
    let variance = noise.noise_gain * max(expected - noise.dark, 0.0) + noise.read_variance;
    // the only division: weight = variance q^2, robust factor = variance^2 q^2
    let q = 1.0 / (variance + residual * residual * cut);
    let weight = variance * q * q;
    add(bases, value, residual, weight, variance * weight, y);
}
