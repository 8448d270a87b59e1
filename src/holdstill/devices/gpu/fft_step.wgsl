// One pass within a workgroup; repeated for each radix, so that every index is a number to the compiler.
fn step_RADIX(lane: u32, origin: u32, done: u32) {
    for (var j = lane; j < LENGTH / RADIXu; j += THREADS) {
        for (var r = 0u; r < RADIXu; r++) {
            v[r] = halves[origin + j + r * (LENGTH / RADIXu)];
        }
        turn(j, RADIXu, done);
        transform_RADIX();
        for (var r = 0u; r < RADIXu; r++) {
            halves[LENGTH - origin + place(j, r, RADIXu, done)] = v[r];
        }
    }
    workgroupBarrier();
}
