// Fourier transform of a line within the memory of a workgroup; pass after pass goes from one half of it to the other.

const THREADS = 64u;

var<workgroup> halves: array<vec2<f32>, 2u * LENGTH>;

@compute @workgroup_size(THREADS)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let line = group.y * groups.x + group.x;
    let is_there = (line + 1u) * LENGTH <= arrayLength(&made);
    for (var j = lane; j < LENGTH; j += THREADS) {
        halves[j] = given[min(line * LENGTH + j, arrayLength(&given) - 1u)];
    }
    workgroupBarrier();
    var origin = 0u;
    var done = 1u;
    for (var pass_number = 0u; pass_number < PASSES; pass_number++) {
        let radix = RADICES[pass_number];
        let parts = LENGTH / radix;
        for (var j = lane; j < parts; j += THREADS) {
            for (var r = 0u; r < radix; r++) {
                v[r] = halves[origin + j + r * parts];
            }
            turn(j, radix, done);
            transform(radix);
            for (var r = 0u; r < radix; r++) {
                halves[LENGTH - origin + place(j, r, radix, done)] = v[r];
            }
        }
        workgroupBarrier();
        origin = LENGTH - origin;
        done *= radix;
    }
    if (is_there) {
        for (var j = lane; j < LENGTH; j += THREADS) {
            made[line * LENGTH + j] = halves[origin + j];
        }
    }
}
