// Mean over blocks of pixels, NaN left out. One thread does ROWS pixels of a column.

struct Target {
    depth: u32,
    height: u32,
    width: u32,
    factor_z: u32,
    factor_y: u32,
    factor_x: u32,
}

@group(0) @binding(2) var<storage, read> rows: array<u32>;
@group(0) @binding(3) var<storage, read> binned: Target;
@group(0) @binding(4) var<storage, read_write> means: array<u32>;

fn mean(frame: u32, z: u32, y: u32, x: u32) -> u32 {
    var total = 0.0;
    var count = 0.0;
    for (var k = z * binned.factor_z; k < (z + 1u) * binned.factor_z; k++) {
        for (var j = y * binned.factor_y; j < (y + 1u) * binned.factor_y; j++) {
            let row = row_start(frame, k, j);
            for (var i = x * binned.factor_x; i < (x + 1u) * binned.factor_x; i++) {
                let value = load(row, i);
                if (!is_nan(value)) {
                    total += value;
                    count += 1.0;
                }
            }
        }
    }
    return select(bitcast<u32>(total / max(count, 1.0)), NAN, count == 0.0);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let x = group.x * 64u + lane;
    if (x >= binned.width) {
        return;
    }
    let n_rows = binned.depth * binned.height;
    for (var row = group.y * ROWS; row < min((group.y + 1u) * ROWS, n_rows); row++) {
        let at = (group.z * n_rows + row) * binned.width + x;
        means[at] = mean(rows[group.z], row / binned.height, row % binned.height, x);
    }
}
