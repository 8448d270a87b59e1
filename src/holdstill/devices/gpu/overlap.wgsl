// Sums of a frame and the reference, of their squares and of their product, in the overlap at a shift of whole pixels.

struct Item {
    frame: u32,
    starts: array<i32, 3>,  // z, y, x of the overlap, in the frame
    stops: array<i32, 3>,
    shift: array<i32, 3>,
}

@group(0) @binding(2) var<storage, read> reference: array<f32>;
@group(0) @binding(3) var<storage, read> centre: array<f32>;
@group(0) @binding(4) var<storage, read> items: array<Item>;
@group(0) @binding(5) var<storage, read_write> sums: array<f32>;

const LANES = 64u;
const STRIDE = 65u;

var<workgroup> parts: array<f32, 5u * STRIDE>;

@compute @workgroup_size(LANES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let item = items[group.z];
    let middle = centre[0];
    let x = i32(group.x * LANES + lane);
    var total = vec4(0.0);
    var product = 0.0;
    if (x >= item.starts[2] && x < item.stops[2]) {
        for (var row = group.y * TALL; row < min((group.y + 1u) * TALL, size.depth * size.height); row++) {
            let z = i32(row / size.height);
            let y = i32(row % size.height);
            if (z >= item.starts[0] && z < item.stops[0] && y >= item.starts[1] && y < item.stops[1]) {
                let a = load(row_start(item.frame, u32(z), u32(y)), u32(x)) - middle;
                let other = ((z - item.shift[0]) * i32(size.height) + y - item.shift[1]) * i32(size.width);
                let b = reference[u32(other + x - item.shift[2])] - middle;
                total += vec4(a, b, a * a, b * b);
                product += a * b;
            }
        }
    }
    parts[lane] = total.x;
    parts[STRIDE + lane] = total.y;
    parts[2u * STRIDE + lane] = total.z;
    parts[3u * STRIDE + lane] = total.w;
    parts[4u * STRIDE + lane] = product;
    workgroupBarrier();
    if (lane < 5u) {
        var sum = 0.0;
        for (var k = 0u; k < LANES; k++) {
            sum += parts[lane * STRIDE + k];
        }
        sums[((group.z * groups.y + group.y) * groups.x + group.x) * 5u + lane] = sum;
    }
}
