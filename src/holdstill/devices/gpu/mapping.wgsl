// Where a map takes a pixel, as whole pixels and a fraction. In float32 alone, a coordinate of some thousand px would be
// off by some 1e-4 px. Coefficients come in two parts, `high` of nine bits, so that products with whole coordinates are
// exact, and their fractions small. No compiler can spoil that, as one could tricks with rounding errors.

// All vectors are z, y, x.
struct Map {
    frame: u32,
    gain: f32,
    offset: f32,
    cut: f32,
    whole: vec3<i32>,        // where the frame's first pixel goes: whole pixels and the rest
    rest: vec3<f32>,
    high_z: vec3<f32>,       // columns of the matrix
    high_y: vec3<f32>,
    high_x: vec3<f32>,
    low_z: vec3<f32>,
    low_y: vec3<f32>,
    low_x: vec3<f32>,
    shift: vec3<f32>,        // about the middle of the frame
    extra: vec3<f32>,        // projective: the tilt; bilinear: factors of y x
}

struct Place {
    whole: vec3<i32>,
    fraction: vec3<f32>,
}

// The map of the frame at hand.
var<private> m: Map;

fn middle() -> vec3<f32> {
    return 0.5 * vec3(f32(size.depth - 1u), f32(size.height - 1u), f32(size.width - 1u));
}

// Move whole pixels from the fraction to where they belong.
fn settled(whole: vec3<i32>, fraction: vec3<f32>) -> Place {
    let carried = floor(fraction);
    return Place(whole + vec3<i32>(carried), fraction - carried);
}

fn affine(q: vec3<f32>) -> Place {
    let along_y = m.high_y * q.y;
    let along_x = m.high_x * q.z;
    var whole = m.whole + vec3<i32>(floor(along_y)) + vec3<i32>(floor(along_x));
    var fraction = m.rest + fract(along_y) + fract(along_x) + m.low_y * q.y + m.low_x * q.z;
    if (VOLUME) {
        let along_z = m.high_z * q.x;
        whole += vec3<i32>(floor(along_z));
        fraction += fract(along_z) + m.low_z * q.x;
    }
    return settled(whole, fraction);
}

// What the denominator of a projective map is above one.
fn tilt(q: vec3<f32>) -> f32 {
    let d = q - middle();
    return m.extra.y * d.y + m.extra.z * d.z;
}

fn projective(q: vec3<f32>) -> Place {
    let flat = affine(q);
    let e = tilt(q);
    let about = vec3<f32>(flat.whole) - middle() + flat.fraction;
    return settled(flat.whole, flat.fraction - about * (e / (1.0 + e)));
}

fn bilinear(q: vec3<f32>) -> Place {
    let flat = affine(q);
    let d = q - middle();
    return settled(flat.whole, flat.fraction + m.extra * (d.y * d.z));
}

fn place(q: vec3<f32>) -> Place {
    if (WARP == 1u) {
        return projective(q);
    }
    if (WARP == 2u) {
        return bilinear(q);
    }
    return affine(q);
}

// Whether a place lies within the frame, its borders included.
fn is_inside(at: Place) -> bool {
    let last = vec3(i32(size.depth), i32(size.height), i32(size.width)) - 1;
    let below = at.whole < last;
    let on = (at.whole == last) & (at.fraction == vec3(0.0));
    return all(at.whole >= vec3(0)) && all(below | on);
}
