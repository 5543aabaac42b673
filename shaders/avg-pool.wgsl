// y = scale times the sum of x over every window, with zeros where it hangs over an edge.
// Goes before pool.wgsl.
alias E = vec4f;
@group(0) @binding(1) var<storage, read_write> x: array<E>;
@group(0) @binding(2) var<storage, read_write> y: array<E>;

struct Part {
  sum: E,
}

fn seen(v: E, place: u32, inside: bool) -> Part {
  return Part(select(E(0), v, inside));
}

fn joined(a: Part, b: Part) -> Part {
  return Part(a.sum + b.sum);
}

fn keep(at: u32, part: Part) {
  y[at] = params.scale * part.sum;
}
