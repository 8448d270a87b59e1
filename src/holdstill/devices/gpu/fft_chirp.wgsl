// Lines times a table, cut or filled up with zeros to another length, then conjugated where CONJUGATE says so.

struct Lengths {
    given: u32,
    made: u32,
    used: u32,   // of the table; beyond, zeros
    lines: u32,
}

@group(0) @binding(0) var<storage, read> given: array<vec2<f32>>;
@group(0) @binding(1) var<storage, read> table: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read> lengths: Lengths;
@group(0) @binding(3) var<storage, read_write> made: array<vec2<f32>>;

@compute @workgroup_size(64)
fn main(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
) {
    let at = id.y * groups.x * 64u + id.x;
    let line = at / lengths.made;
    let j = at % lengths.made;
    if (line >= lengths.lines) {
        return;
    }
    var value = vec2(0.0);
    if (j < lengths.used) {
        let a = given[line * lengths.given + j];
        let b = table[j];
        value = vec2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
    }
    made[at] = select(value, vec2(value.x, -value.y), CONJUGATE);
}
