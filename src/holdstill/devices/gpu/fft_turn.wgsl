// Rows become columns, 16 x 16 numbers at a time, so that both reading and writing go along rows.

struct Shape {
    height: u32,
    width: u32,
}

@group(0) @binding(0) var<storage, read> given: array<vec2<f32>>;
@group(0) @binding(1) var<storage, read> shape: Shape;
@group(0) @binding(2) var<storage, read_write> made: array<vec2<f32>>;

var<workgroup> tile: array<array<vec2<f32>, 17>, 16>;  // one more: neighbours then lie in different banks

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) lane: vec3<u32>) {
    let image = group.z * shape.height * shape.width;
    let origin = group.xy * 16u + lane.xy;
    if (origin.x < shape.width && origin.y < shape.height) {
        tile[lane.y][lane.x] = given[image + origin.y * shape.width + origin.x];
    }
    workgroupBarrier();
    let to = group.yx * 16u + lane.xy;
    if (to.x < shape.height && to.y < shape.width) {
        made[image + to.y * shape.height + to.x] = tile[lane.x][lane.y];
    }
}
