// Each pixel of the result lies where a map takes it.

@group(0) @binding(2) var<storage, read> maps: array<Map>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    m = maps[group.z];
    fill_words(group, lane, m.frame);
}
