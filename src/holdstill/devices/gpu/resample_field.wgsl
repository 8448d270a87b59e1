// Each pixel of the result lies where displacements take it, that are linear between control points. MOVE_Z, MOVE_Y and
// MOVE_X say along which axes there are any, MOVED along how many.

struct Row {
    frame: u32,
    counts: array<u32, 3>,  // control points along z, y, x
}

struct Cell {
    before: u32,  // the control point before a pixel
    share: f32,   // of the way to the next
}

struct Place {
    whole: vec3<i32>,
    fraction: vec3<f32>,
}

@group(0) @binding(2) var<storage, read> rows: array<Row>;
@group(0) @binding(6) var<storage, read> nodes: array<f32>;
@group(0) @binding(7) var<storage, read> cells: array<Cell>;  // of planes, then of rows, then of columns

var<private> row: Row;
var<private> number: u32;

// Along a row of control points.
fn along_x(at: u32, cell: Cell) -> f32 {
    let next = min(cell.before + 1u, row.counts[2] - 1u);
    return mix(nodes[at + cell.before], nodes[at + next], cell.share);
}

fn along_y(at: u32, cell_y: Cell, cell_x: Cell) -> f32 {
    let next = min(cell_y.before + 1u, row.counts[1] - 1u);
    let width = row.counts[2];
    return mix(along_x(at + cell_y.before * width, cell_x), along_x(at + next * width, cell_x), cell_y.share);
}

fn displacement(which: u32, q: vec3<f32>) -> f32 {
    let cell_y = cells[size.made[0] + u32(q.y)];
    let cell_x = cells[size.made[0] + size.made[1] + u32(q.z)];
    let plane = row.counts[1] * row.counts[2];
    let origin = (number * MOVED + which) * row.counts[0] * plane;
    if (!VOLUME) {
        return along_y(origin, cell_y, cell_x);
    }
    let cell_z = cells[u32(q.x)];
    let next = min(cell_z.before + 1u, row.counts[0] - 1u);
    let here = along_y(origin + cell_z.before * plane, cell_y, cell_x);
    return mix(here, along_y(origin + next * plane, cell_y, cell_x), cell_z.share);
}

fn place(q: vec3<f32>) -> Place {
    var moves = vec3(0.0);
    if (MOVE_Z) {
        moves.x = displacement(0u, q);
    }
    if (MOVE_Y) {
        moves.y = displacement(u32(MOVE_Z), q);
    }
    if (MOVE_X) {
        moves.z = displacement(u32(MOVE_Z) + u32(MOVE_Y), q);
    }
    let whole = floor(moves);
    return Place(vec3<i32>(q) + vec3<i32>(whole), moves - whole);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    row = rows[group.z];
    number = group.z;
    fill_words(group, lane, row.frame);
}
