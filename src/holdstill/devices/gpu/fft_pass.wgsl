// One pass of the Fourier transform of lines that are too long for a workgroup; one thread, one butterfly.

@compute @workgroup_size(64)
fn main(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
) {
    let parts = LENGTH / RADIX;
    let at = id.y * groups.x * 64u + id.x;
    let start = at / parts * LENGTH;
    if (start + LENGTH > arrayLength(&made)) {
        return;
    }
    let j = at % parts;
    for (var r = 0u; r < RADIX; r++) {
        v[r] = given[start + j + r * parts];
    }
    turn(j, RADIX, DONE);
    transform(RADIX);
    for (var r = 0u; r < RADIX; r++) {
        made[start + place(j, r, RADIX, DONE)] = v[r];
    }
}
