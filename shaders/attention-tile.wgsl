// Lines shared by shaders in which a lane takes 4 x 4 products of rows and columns of a head's matrix [tokens, tokens]; the
// text before this has qkv [batch, tokens, 3, heads, quads] and `left`, a vec4 of what its rows are.
struct Tile {
  i: u32, // first row
  j: u32, // first column
  matrix: u32,
  head: u32,
  image: u32, // of this pass
}

fn tile_of(lane: u32) -> Tile {
  let tiles = params.tiles;
  let matrix = lane / tiles / tiles;
  return Tile(4u * (lane / tiles % tiles), 4u * (lane % tiles), matrix, matrix % params.heads, matrix / params.heads);
}

// Four tokens of the batch from token k of the tile's image on; past the last one that again.
fn tokens_from(tile: Tile, k: u32) -> vec4u {
  let token = min(k + vec4u(0u, 1u, 2u, 3u), vec4u(params.tokens - 1u));
  return (params.first + tile.image) * params.tokens + token;
}

// Which of the four columns are tokens.
fn real_columns(tile: Tile) -> vec4<bool> {
  return tile.j + vec4u(0u, 1u, 2u, 3u) < vec4u(params.tokens);
}

// Place in a row-padded matrix of the four columns in row i + r.
fn cell_of(tile: Tile, r: u32) -> u32 {
  return (tile.matrix * params.tokens + tile.i + r) * params.tiles + tile.j / 4u;
}

// Products of four of `left`, which begin at a, with four of qkv, which begin at b: row by row.
fn products(a: vec4u, b: vec4u) -> array<vec4f, 4> {
  var s0 = vec4f(0);
  var s1 = vec4f(0);
  var s2 = vec4f(0);
  var s3 = vec4f(0);
  for (var c = 0u; c < params.quads; c++) {
    let a0 = left(a.x + c);
    let a1 = left(a.y + c);
    let a2 = left(a.z + c);
    let a3 = left(a.w + c);
    let b0 = qkv[b.x + c];
    let b1 = qkv[b.y + c];
    let b2 = qkv[b.z + c];
    let b3 = qkv[b.w + c];
    s0 += vec4f(dot(a0, b0), dot(a0, b1), dot(a0, b2), dot(a0, b3));
    s1 += vec4f(dot(a1, b0), dot(a1, b1), dot(a1, b2), dot(a1, b3));
    s2 += vec4f(dot(a2, b0), dot(a2, b1), dot(a2, b2), dot(a2, b3));
    s3 += vec4f(dot(a3, b0), dot(a3, b1), dot(a3, b2), dot(a3, b3));
  }
  return array<vec4f, 4>(s0, s1, s2, s3);
}
