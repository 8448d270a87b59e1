// Sums of a Gauss-Newton step for a shift. One thread walks down TALL pixels of a column, so that of the sixteen
// coefficients under a pixel four are new.

struct Row {
    frame: u32,
    starts: array<i32, 3>,   // z, y, x of the overlap, in the frame
    stops: array<i32, 3>,
    floors: array<i32, 3>,   // of minus the shift: pixel q lies at q + floor + fraction of the reference
    nearest: array<i32, 3>,
    gain: f32,
    offset: f32,
    cut: f32,
    values: array<f32, 12>,  // weights of the spline along z, y and x
    slopes: array<f32, 12>,  // and of its derivative
}

@group(0) @binding(5) var<storage, read> rows: array<Row>;
@group(0) @binding(6) var<storage, read_write> sums: array<f32>;

// Of a row of coefficients, mixed along x and z: the value and its derivatives along x and z.
fn mixed(at: u32, n: u32, value_x: vec4<f32>, slope_x: vec4<f32>) -> vec3<f32> {
    if (!VOLUME) {
        let taps = four(at);
        return vec3(dot(taps, value_x), dot(taps, slope_x), 0.0);
    }
    var total = vec3(0.0);
    for (var k = 0u; k < 4u; k++) {
        let taps = four(at + k * (size.height + 2u * PADDED) * (size.width + 2u * PADDED));
        let value = dot(taps, value_x);
        let along = vec3(rows[n].values[k], rows[n].values[k], rows[n].slopes[k]);
        total += along * vec3(value, dot(taps, slope_x), value);
    }
    return total;
}

@compute @workgroup_size(LANES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let n = group.z;
    let tiles_y = (size.height + TALL - 1u) / TALL;
    let z = i32(group.y / tiles_y);
    let x = i32(group.x * LANES + lane);
    let top = i32(group.y % tiles_y * TALL);
    let y0 = max(top, rows[n].starts[1]);
    let y1 = min(top + i32(TALL), rows[n].stops[1]);
    let within = z >= rows[n].starts[0] && z < rows[n].stops[0] && x >= rows[n].starts[2] && x < rows[n].stops[2];
    if (within && y0 < y1) {
        let value_x = vec4(rows[n].values[8], rows[n].values[9], rows[n].values[10], rows[n].values[11]);
        let slope_x = vec4(rows[n].slopes[8], rows[n].slopes[9], rows[n].slopes[10], rows[n].slopes[11]);
        let value_y = vec4(rows[n].values[4], rows[n].values[5], rows[n].values[6], rows[n].values[7]);
        let slope_y = vec4(rows[n].slopes[4], rows[n].slopes[5], rows[n].slopes[6], rows[n].slopes[7]);
        let gain = rows[n].gain;
        let offset = rows[n].offset;
        let cut = rows[n].cut;
        let near_z = z + rows[n].nearest[0];
        let near_y = rows[n].nearest[1];
        let near_x = x + rows[n].nearest[2];
        let step = size.width + 2u * PADDED;
        var at = coefficient_at(z + rows[n].floors[0] - i32(VOLUME), y0 + rows[n].floors[1] - 1, x + rows[n].floors[2] - 1);
        var a = mixed(at, n, value_x, slope_x);
        var b = mixed(at + step, n, value_x, slope_x);
        var c = mixed(at + 2u * step, n, value_x, slope_x);
        at += 3u * step;
        var word = row_start(rows[n].frame, u32(z), u32(y0));
        for (var y = y0; y < y1; y++) {
            let d = mixed(at, n, value_x, slope_x);
            let across = value_y.x * a + value_y.y * b + value_y.z * c + value_y.w * d;
            let along_y = slope_y.x * a.x + slope_y.y * b.x + slope_y.z * c.x + slope_y.w * d.x;
            let pixel = load(word, u32(x));
            if (is_finite(pixel) && counts(near_z, y + near_y, near_x)) {
                weigh(pixel, across.x, bases_of(across.z, along_y, across.y), gain, offset, cut, 0.0);
            }
            a = b;
            b = c;
            c = d;
            at += step;
            word += size.words;
        }
    }
    reduce(lane, 0.0, ((n * groups.y + group.y) * groups.x + group.x) * OUTPUTS);
}

