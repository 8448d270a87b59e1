// Weights with which a sample is made of its neighbours: Keys' cubic, or Lanczos with three lobes, as
// interpolation.tap_weights has them. METHOD: 0 nearest, 1 linear, 2 cubic, 3 lanczos.

const PI = 3.14159265358979;
const BACK = select(select(0, 1, METHOD == 2u), 2, METHOD == 3u);

fn weight(f: f32, k: i32) -> f32 {
    let t = abs(f - f32(k - BACK));
    if (METHOD == 0u) {
        return 1.0;
    }
    if (METHOD == 1u) {
        return 1.0 - t;
    }
    if (METHOD == 2u) {
        return select(2.0 + t * (-4.0 + t * (2.5 - 0.5 * t)), 1.0 + t * t * (1.5 * t - 2.5), t < 1.0);
    }
    return lanczos(f, k);
}

fn lanczos(f: f32, k: i32) -> f32 {
    let t = f - f32(k - BACK);
    if (abs(t) < 1e-6) {
        return 1.0;
    }
    // the sine of pi t is that of pi f, the same for all taps but for the sign, and exactly zero for f = 0
    return sine(f) * select(1.0, -1.0, (k & 1) == 1) * sine(t / 3.0) * 3.0 / (PI * PI * t * t);
}

// Sine of pi u for u between -1 and 1 to 1e-7; what drivers call sin may be off by 5e-4.
fn sine(u: f32) -> f32 {
    let x = min(abs(u), 1.0 - abs(u)) * PI;
    let s = x * x;
    let series = 1.0 - s / 6.0 * (1.0 - s / 20.0 * (1.0 - s / 42.0 * (1.0 - s / 72.0 * (1.0 - s / 110.0))));
    return sign(u) * x * series;
}
