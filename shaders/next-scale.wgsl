// scaling = [s, steps since it changed] after a step, in place: s / 2, at least 1, where an element of the probe is not below
// 65504, f16's largest, or no number; 2 s, at most `top`, after `every` steps without. One workgroup, lane t takes the
// elements t, t + 64, ...; bits are compared, since compilers may take every float for a finite one.
struct Params {
  size: u32,
  every: u32,
  top: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> scaling: array<f32>;
@group(0) @binding(2) var<storage, read_write> probe: array<u32>;

const largest = 0x477fe000u;

var<workgroup> over: atomic<u32>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) t: u32) {
  for (var i = t; i < params.size; i += 64u) {
    if ((probe[i] & 0x7fffffffu) >= largest) {
      atomicMax(&over, 1u);
    }
  }
  workgroupBarrier();
  if (t > 0u) {
    return;
  }
  let s = scaling[0];
  let steps = scaling[1] + 1;
  if (atomicLoad(&over) > 0u) {
    scaling[0] = max(1, s / 2);
    scaling[1] = 0;
  } else if (steps >= f32(params.every)) {
    scaling[0] = min(params.top, 2 * s);
    scaling[1] = 0;
  } else {
    scaling[1] = steps;
  }
}
