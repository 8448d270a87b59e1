// Fourier transforms of two to five numbers, and where the parts of a Stockham pass lie.

@group(0) @binding(0) var<storage, read> given: array<vec2<f32>>;
@group(0) @binding(1) var<storage, read> turns: array<vec2<f32>>;  // exp(-2 pi i k / N)
@group(0) @binding(2) var<storage, read_write> made: array<vec2<f32>>;

var<private> v: array<vec2<f32>, 5>;

fn times(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
    return vec2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

// a times minus i
fn turned(a: vec2<f32>) -> vec2<f32> {
    return vec2(a.y, -a.x);
}

fn transform_2() {
    let a = v[0];
    v[0] = a + v[1];
    v[1] = a - v[1];
}

fn transform_3() {
    let sum = v[1] + v[2];
    let difference = turned(v[1] - v[2]) * 0.8660254037844386;
    let middle = v[0] - 0.5 * sum;
    v[0] += sum;
    v[1] = middle + difference;
    v[2] = middle - difference;
}

fn transform_4() {
    let a = v[0] + v[2];
    let b = v[0] - v[2];
    let c = v[1] + v[3];
    let d = turned(v[1] - v[3]);
    v[0] = a + c;
    v[1] = b + d;
    v[2] = a - c;
    v[3] = b - d;
}

fn transform_5() {
    let a = v[1] + v[4];
    let b = v[2] + v[3];
    let c = turned(v[1] - v[4]);
    let d = turned(v[2] - v[3]);
    let near = v[0] + 0.30901699437494745 * a - 0.8090169943749475 * b;
    let far = v[0] - 0.8090169943749475 * a + 0.30901699437494745 * b;
    let up = 0.9510565162951535 * c + 0.5877852522924731 * d;
    let down = 0.5877852522924731 * c - 0.9510565162951535 * d;
    v[0] += a + b;
    v[1] = near + up;
    v[2] = far + down;
    v[3] = far - down;
    v[4] = near - up;
}

fn transform(radix: u32) {
    switch radix {
        case 2u: { transform_2(); }
        case 3u: { transform_3(); }
        case 4u: { transform_4(); }
        default: { transform_5(); }
    }
}

// Turn the parts of butterfly j before they are mixed; `done` is the product of the radices before.
fn turn(j: u32, radix: u32, done: u32) {
    let step = (j % done) * (LENGTH / (done * radix));
    for (var r = 1u; r < radix; r++) {
        v[r] = times(v[r], turns[r * step]);
    }
}

// Where part r of butterfly j goes.
fn place(j: u32, r: u32, radix: u32, done: u32) -> u32 {
    return (j / done) * done * radix + j % done + r * done;
}
