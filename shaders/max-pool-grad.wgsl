// dx = the sum of dy over the windows whose index names this place. Goes before pool-grad.wgsl.
alias E = vec4f;
alias U = vec4u;
@group(0) @binding(1) var<storage, read_write> dy: array<E>;
@group(0) @binding(2) var<storage, read_write> index: array<U>;
@group(0) @binding(3) var<storage, read_write> dx: array<E>;

struct Part {
  dy: E,
  index: U,
}

fn seen(at: u32, real: bool) -> Part {
  return Part(dy[at], select(U(0xffffffffu), index[at], real));
}

fn share(part: Part, place: u32) -> E {
  return select(E(0), part.dy, part.index == U(place));
}
