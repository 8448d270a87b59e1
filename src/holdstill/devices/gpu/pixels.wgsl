// Frames as they are stored. FLOATS says whether a pixel may be NaN; `load(word, x)` is made for the dtype.

struct Size {
    depth: u32,
    height: u32,
    width: u32,
    words: u32,  // of a row
    made: array<u32, 3>,  // planes, rows, columns of the result
}

@group(0) @binding(0) var<storage, read> frames: array<u32>;
@group(0) @binding(1) var<storage, read> size: Size;

const NAN = 0x7fc00000u;

// Bits, not comparisons: a compiler may take for granted that no number is NaN.
fn is_finite(value: f32) -> bool {
    return !FLOATS || (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
}

fn is_nan(value: f32) -> bool {
    return FLOATS && (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u;
}

// Word where a row of a frame begins.
fn row_start(frame: u32, z: u32, y: u32) -> u32 {
    return ((frame * size.depth + z) * size.height + y) * size.words;
}
