// y = the largest x of every window, index = the first place (row times width plus column) of its image that has it.
// Goes before pool.wgsl; what a window sees again changes neither.
alias E = vec4f;
alias U = vec4u;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> y: array<E>;
@group(0) @binding(3) var<storage, read_write> index: array<U>;

struct Part {
  best: E,
  place: U,
}

fn seen(v: E, place: u32, inside: bool) -> Part {
  return Part(v, U(place));
}

fn joined(a: Part, b: Part) -> Part {
  let other = b.best > a.best;
  return Part(select(a.best, b.best, other), select(a.place, b.place, other));
}

fn keep(at: u32, part: Part) {
  y[at] = part.best;
  index[at] = part.place;
}
