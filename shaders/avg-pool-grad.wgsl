// dx = scale times the sum of dy over the windows that hold this place. Goes before pool-grad.wgsl.
alias E = vec4f;
@group(0) @binding(1) var<storage, read_write> dy: array<E>;
@group(0) @binding(2) var<storage, read_write> dx: array<E>;

struct Part {
  dy: E,
}

fn seen(at: u32, real: bool) -> Part {
  return Part(select(E(0), dy[at], real));
}

fn share(part: Part, place: u32) -> E {
  return part.dy;
}
