// Fourier transform of a line within the memory of a workgroup; pass after pass goes from one half of it to the other.
// `passes` is made for the length, and says in which half the last one leaves its numbers.

var<workgroup> halves: array<vec2<f32>, 2u * LENGTH>;

@compute @workgroup_size(THREADS)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let line = group.y * groups.x + group.x;
    for (var j = lane; j < LENGTH; j += THREADS) {
        halves[j] = given[min(line * LENGTH + j, arrayLength(&given) - 1u)];
    }
    workgroupBarrier();
    let origin = passes(lane);
    if ((line + 1u) * LENGTH <= arrayLength(&made)) {
        for (var j = lane; j < LENGTH; j += THREADS) {
            made[line * LENGTH + j] = halves[origin + j];
        }
    }
}
