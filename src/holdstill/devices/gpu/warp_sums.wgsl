// Sums of a Gauss-Newton step where each pixel has a place of its own in the reference. One thread walks down a column.

@group(0) @binding(5) var<storage, read> maps: array<Map>;
@group(0) @binding(6) var<storage, read_write> sums: array<f32>;

const FIRST_STEPS = 12u;
const STEPS = 6u;

// Weights of the cubic B-spline, and of its derivative, for the four coefficients about a fraction.
fn spline_values(f: f32) -> vec4<f32> {
    let g = 1.0 - f;
    let squares = vec2(f * f, g * g);
    return vec4(g * squares.y, 4.0 - squares.x * (6.0 - 3.0 * f), 4.0 - squares.y * (6.0 - 3.0 * g), f * squares.x) / 6.0;
}

fn spline_slopes(f: f32) -> vec4<f32> {
    let g = 1.0 - f;
    return vec4(-0.5 * g * g, f * (1.5 * f - 2.0), g * (2.0 - 1.5 * g), 0.5 * f * f);
}

// Value of the spline and its derivatives along z, y and x, of a plane of coefficients: 0, y, x.
fn plane_at(at: u32, step: u32, fraction: vec3<f32>) -> vec3<f32> {
    let value_y = spline_values(fraction.y);
    let slope_y = spline_slopes(fraction.y);
    let value_x = spline_values(fraction.z);
    let slope_x = spline_slopes(fraction.z);
    var total = vec3(0.0);
    for (var j = 0u; j < 4u; j++) {
        let taps = four(at + j * step);
        let value = dot(taps, value_x);
        total += vec3(value_y[j] * value, slope_y[j] * value, value_y[j] * dot(taps, slope_x));
    }
    return total;
}

// Value, and derivatives along z, y and x.
fn spline_at(p: Place) -> vec4<f32> {
    let step = size.width + 2u * PADDED;
    let at = coefficient_at(p.whole.x - i32(VOLUME), p.whole.y - 1, p.whole.z - 1);
    if (!VOLUME) {
        let flat = plane_at(at, step, p.fraction);
        return vec4(flat.x, 0.0, flat.y, flat.z);
    }
    let values = spline_values(p.fraction.x);
    let slopes = spline_slopes(p.fraction.x);
    var total = vec4(0.0);
    for (var k = 0u; k < 4u; k++) {
        let plane = plane_at(at + k * step * (size.height + 2u * PADDED), step, p.fraction);
        total += vec4(values[k] * plane.x, slopes[k] * plane.x, values[k] * plane.y, values[k] * plane.z);
    }
    return total;
}

// By how much a pixel must move so that a bilinear map takes it to q: Newton steps from `guess`, y and x.
fn unmapped(q: vec3<f32>, guess: vec2<f32>, steps: u32) -> vec2<f32> {
    var e = guess;
    let about = (q - middle()).yz;
    let y = m.high_y.yz + m.low_y.yz - vec2(1.0, 0.0);
    let x = m.high_x.yz + m.low_x.yz - vec2(0.0, 1.0);
    for (var k = 0u; k < steps; k++) {
        let d = about + e;
        let r = m.shift.yz + y * d.x + x * d.y + m.extra.yz * (d.x * d.y) + e;
        let j = jacobian(d);
        e -= vec2(j.w * r.x - j.y * r.y, j.x * r.y - j.z * r.x) / (j.x * j.w - j.y * j.z);
    }
    return e;
}

// Derivative of a bilinear map at d, by rows.
fn jacobian(d: vec2<f32>) -> vec4<f32> {
    let y = m.high_y.yz + m.low_y.yz + m.extra.yz * d.y;
    let x = m.high_x.yz + m.low_x.yz + m.extra.yz * d.x;
    return vec4(y.x, x.x, y.y, x.y);
}

@compute @workgroup_size(LANES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    m = maps[group.z];
    let tiles_y = (size.height + TALL - 1u) / TALL;
    let z = group.y / tiles_y;
    let x = group.x * LANES + lane;
    let top = group.y % tiles_y * TALL;
    if (x < size.width) {
        var moved = vec2(0.0);
        for (var y = top; y < min(top + TALL, size.height); y++) {
            let q = vec3(f32(z), f32(y), f32(x));
            var at: Place;
            if (WARP == 2u) {
                moved = unmapped(q, moved, select(STEPS, FIRST_STEPS, y == top));
                at = settled(vec3(0, i32(y), i32(x)), vec3(0.0, moved));
            } else {
                at = place(q);
            }
            let pixel = load(row_start(m.frame, z, y), x);
            let near = at.whole + vec3<i32>(at.fraction >= vec3(0.5));
            if (is_inside(at) && is_finite(pixel) && counts(near.x, near.y, near.z)) {
                let spline = spline_at(at);
                weigh(
                    pixel, spline.x, bases_of(q, at, spline), m.gain, m.offset, m.cut,
                    f32(y) - f32(top) - 0.5 * f32(TALL - 1u),
                );
            }
        }
    }
    let across = f32(lane) - 0.5 * f32(LANES - 1u);
    reduce(lane, across, ((group.z * groups.y + group.y) * groups.x + group.x) * OUTPUTS);
}
