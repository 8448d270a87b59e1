// The weighted mean of the pixels about a place, NaN left out, and how it is stored. WX, WY and WZ are the weights of a
// place, TAPS_Z and TAPS how many there are; OUT is the storage: 0 float32, 1 uint8, 2 uint16, 3 int16.

const N = i32(TAPS);
const N_Z = i32(TAPS_Z);
const THIN = 0.25;  // below this the weights of the known neighbours nearly cancel
const PER_WORD = select(select(2u, 4u, OUT == 1u), 1u, OUT == 0u);
const LOW = select(0.0, -32768.0, OUT == 3u);
const HIGH = select(select(65535.0, 255.0, OUT == 1u), 32767.0, OUT == 3u);

var<private> wz: array<f32, TAPS_Z>;
var<private> wy: array<f32, TAPS>;
var<private> wx: array<f32, TAPS>;

struct Sample {
    value: f32,
    is_known: bool,
}

// An index brought inside: mirrored about the border pixel, or clipped.
fn folded(index: i32, length: u32) -> u32 {
    let last = i32(length) - 1;
    if (REFLECT && (index < 0 || index > last) && last > 0) {
        let within = abs(index) % (2 * last);
        return u32(min(within, 2 * last - within));
    }
    return u32(clamp(index, 0, last));
}

fn pixel(frame: u32, at: vec3<i32>) -> f32 {
    return load(row_start(frame, folded(at.x, size.depth), folded(at.y, size.height)), folded(at.z, size.width));
}

// `first` is the pixel of the first weights, `nearest` the one that decides whether anything is known.
fn sample(frame: u32, first: vec3<i32>, nearest: vec3<i32>) -> Sample {
    var total = 0.0;
    var known = 0.0;
    for (var k = 0; k < N_Z; k++) {
        let z = folded(first.x + k, size.depth);
        for (var j = 0; j < N; j++) {
            let row = row_start(frame, z, folded(first.y + j, size.height));
            let factor = wz[k] * wy[j];
            for (var i = 0; i < N; i++) {
                let value = load(row, folded(first.z + i, size.width));
                if (is_finite(value)) {
                    total += factor * wx[i] * value;
                    known += factor * wx[i];
                }
            }
        }
    }
    if (!FLOATS) {
        return Sample(total, true);
    }
    let middle = pixel(frame, nearest);
    return Sample(select(middle, total / known, known > THIN), is_finite(middle));
}

// Bits of a pixel as it is stored, and one more clamped pixel where it left the range.
fn bits_of(value: f32, clamped: ptr<function, u32>) -> u32 {
    if (OUT == 0u) {
        return bitcast<u32>(value);
    }
    let rounded = round(value);
    let bounded = clamp(rounded, LOW, HIGH);
    *clamped += u32(rounded != bounded);
    return u32(i32(bounded)) & (0xffffffffu >> (32u - 32u / PER_WORD));
}
