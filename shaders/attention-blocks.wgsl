// Lines shared by attention on GPUs: blocks of 32 x 32 scores of one head that never leave a workgroup of 64 lanes.
// Lane (x, y) of 8 x 8 takes rows y + 8 i and columns x + 8 j of a block, i and j below 4, and of sums over it the same rows
// at vec4s x and x + 8 of a head's numbers (at most 16 vec4s). Blocks of 32 tokens lie in workgroup memory as
// [token][16 and one of padding], so that neighbouring lanes read neighbouring banks; tokens past the last are zeros.
// The floor of a block: 2^16 multiply-adds a product at 64 numbers a head on 16 KiB read, of which one operand stays.
const PITCH = 17u;

struct Params {
  images: u32,
  tokens: u32,
  heads: u32,
  quads: u32, // vec4s of a head, at most 16
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> qkv: array<vec4f>;

// The workgroup's own 32 tokens, by one or two arrays, and the others' that pass by.
var<workgroup> mine: array<vec4f, 32 * PITCH>;
var<workgroup> also: array<vec4f, 32 * PITCH>;
var<workgroup> other: array<vec4f, 32 * PITCH>;
// A block as [row][column], eight words of padding a row.
var<workgroup> block: array<vec4f, 320>;

// What a workgroup makes: 32 tokens from `first` on of a head of an image.
struct Job {
  image: u32,
  head: u32,
  first: u32,
  some: bool,
}

fn job_of(i: u32) -> Job {
  let blocks = (params.tokens + 31u) / 32u;
  let head = i / blocks;
  let image = head / params.heads;
  return Job(image, head - image * params.heads, 32u * (i - head * blocks), image < params.images);
}

// First vec4 of a token's head in an array that holds `parts` such side by side, and from token to token.
fn start_of(job: Job, parts: u32, part: u32) -> u32 {
  return (job.image * params.tokens * parts + part) * params.heads * params.quads + job.head * params.quads;
}

fn row_of(job: Job, token: u32) -> u32 {
  return (job.image * params.heads + job.head) * params.tokens + token;
}

// Of part `part` of qkv; zeros past the last token.
fn qkv_at(job: Job, part: u32, token: u32, quad: u32) -> vec4f {
  if (token < params.tokens) {
    return qkv[start_of(job, 3u, part) + token * 3u * params.heads * params.quads + quad];
  }
  return vec4f(0);
}

fn fill_other(job: Job, part: u32, first: u32, l: vec2u) {
  for (var token = l.y; token < 32u; token += 8u) {
    for (var quad = l.x; quad < params.quads; quad += 8u) {
      other[token * PITCH + quad] = qkv_at(job, part, first + token, quad);
    }
  }
}

fn other_at(token: u32, quad: u32) -> vec4f {
  return other[token * PITCH + quad];
}

fn others(x: u32, quad: u32) -> mat4x4f {
  return mat4x4f(other_at(x, quad), other_at(x + 8u, quad), other_at(x + 16u, quad), other_at(x + 24u, quad));
}

// a b^T by four numbers of each token: column i of a matrix is row y + 8 i, its elements columns x + 8 j.
fn products(a0: vec4f, a1: vec4f, a2: vec4f, a3: vec4f, b: mat4x4f) -> mat4x4f {
  return mat4x4f(a0 * b, a1 * b, a2 * b, a3 * b);
}

fn mine_by_other(l: vec2u) -> mat4x4f {
  var s = mat4x4f();
  for (var c = 0u; c < params.quads; c++) {
    let i = l.y * PITCH + c;
    s += products(mine[i], mine[i + 8u * PITCH], mine[i + 16u * PITCH], mine[i + 24u * PITCH], others(l.x, c));
  }
  return s;
}

fn also_by_other(l: vec2u) -> mat4x4f {
  var s = mat4x4f();
  for (var c = 0u; c < params.quads; c++) {
    let i = l.y * PITCH + c;
    s += products(also[i], also[i + 8u * PITCH], also[i + 16u * PITCH], also[i + 24u * PITCH], others(l.x, c));
  }
  return s;
}

fn keep(l: vec2u, s: mat4x4f) {
  for (var j = 0u; j < 4u; j++) {
    let column = l.x + 8u * j;
    block[l.y * 10u + column / 4u][column % 4u] = s[0][j];
    block[(l.y + 8u) * 10u + column / 4u][column % 4u] = s[1][j];
    block[(l.y + 16u) * 10u + column / 4u][column % 4u] = s[2][j];
    block[(l.y + 24u) * 10u + column / 4u][column % 4u] = s[3][j];
  }
}

// `sums` and the block times vec4 `quad` of the tokens in `other`.
fn mixed(sums: mat4x4f, l: vec2u, quad: u32) -> mat4x4f {
  let q = min(quad, params.quads - 1u);
  var r = sums;
  for (var t = 0u; t < 8u; t++) {
    let v = mat4x4f(
      other_at(4u * t, q), other_at(4u * t + 1u, q), other_at(4u * t + 2u, q), other_at(4u * t + 3u, q));
    r[0] += v * block[l.y * 10u + t];
    r[1] += v * block[(l.y + 8u) * 10u + t];
    r[2] += v * block[(l.y + 16u) * 10u + t];
    r[3] += v * block[(l.y + 24u) * 10u + t];
  }
  return r;
}
