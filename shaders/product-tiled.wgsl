// C = A B on GPUs, the core of products and convolutions: a workgroup makes ROWS x COLUMNS elements of C, a lane SIDE x SIDE
// of them (8 x 8 as two halves of four rows and of four columns, or 4 x 4), eight k a turn through workgroup memory.
// Both tiles lie [k][four rows (columns) in a vec4], one vec4 of padding a k: a warp of 8 x 4 lanes reads each in one go,
// and what comes along k is stored without bank conflicts. Each lane fetches 64 / COLUMNS vec4s of A a turn for SIDE 8
// (two where COLUMNS is 64) and as many of B by ROWS. While a turn is multiplied, the next one is under way to registers;
// it goes to the other half of the tiles, so one barrier a turn is enough.
// The floor of a turn of 128 x 128: 2^17 multiply-adds on 8 KiB read, 16 a byte; a lane multiplies 64 times for four vec4s
// of workgroup memory.
// An operand's file (matmul-tiled.wgsl, conv-tiled.wgsl, conv-weights-tiled.wgsl) follows and gives: SpotA, aim_a(w, row, k),
// look_a (four k of a row where A_ALONG, else four rows of a k), step_a (eight k further), the same for B and columns;
// turns(w); and settle(w, row, column, c), which stores four rows of four columns. Rows and columns count within the tile.
override ROWS: u32 = 128;
override COLUMNS: u32 = 128;
override SIDE: u32 = 8;
override A_ALONG: bool = false;
override B_ALONG: bool = false;
override LANES: u32 = ROWS * COLUMNS / (SIDE * SIDE);
override WARPS_ACROSS: u32 = COLUMNS / SIDE / 8;
override A_PITCH: u32 = ROWS / 4 + 1;
override B_PITCH: u32 = COLUMNS / 4 + 1;
override A_FETCHES: u32 = 2 * ROWS / LANES;
override B_FETCHES: u32 = 2 * COLUMNS / LANES;

var<workgroup> a_tile: array<vec4f, 16 * A_PITCH>;
var<workgroup> b_tile: array<vec4f, 16 * B_PITCH>;

// Row (column) and k of the `i`th vec4 of a turn.
fn item(i: u32, along: bool, size: u32) -> vec2u {
  return select(vec2u(4u * (i % (size / 4u)), i / (size / 4u)), vec2u(i / 2u, 4u * (i % 2u)), along);
}

fn stash_a(half: u32, at: vec2u, v: vec4f) {
  let i = (half + at.y) * A_PITCH + at.x / 4u;
  if (A_ALONG) {
    let e = at.x % 4u;
    a_tile[i][e] = v.x;
    a_tile[i + A_PITCH][e] = v.y;
    a_tile[i + 2u * A_PITCH][e] = v.z;
    a_tile[i + 3u * A_PITCH][e] = v.w;
  } else {
    a_tile[i] = v;
  }
}

fn stash_b(half: u32, at: vec2u, v: vec4f) {
  let i = (half + at.y) * B_PITCH + at.x / 4u;
  if (B_ALONG) {
    let e = at.x % 4u;
    b_tile[i][e] = v.x;
    b_tile[i + B_PITCH][e] = v.y;
    b_tile[i + 2u * B_PITCH][e] = v.z;
    b_tile[i + 3u * B_PITCH][e] = v.w;
  } else {
    b_tile[i] = v;
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) t: u32, @builtin(workgroup_id) w: vec3u) {
  let warp = t / 32u;
  let x = t % 8u + 8u * (warp % WARPS_ACROSS);
  let y = t / 8u % 4u + 4u * (warp / WARPS_ACROSS);
  let at_a0 = item(t, A_ALONG, ROWS);
  let at_a1 = item(t + LANES, A_ALONG, ROWS);
  let at_b0 = item(t, B_ALONG, COLUMNS);
  let at_b1 = item(t + LANES, B_ALONG, COLUMNS);
  var a0 = aim_a(w, at_a0.x, at_a0.y);
  var a1 = aim_a(w, at_a1.x, at_a1.y);
  var b0 = aim_b(w, at_b0.x, at_b0.y);
  var b1 = aim_b(w, at_b1.x, at_b1.y);
  var c: array<vec4f, 16>;
  let end = turns(w);
  for (var turn = 0u; turn <= end; turn++) {
    let half = 8u * (turn % 2u);
    let next_a0 = look_a(a0);
    let next_b0 = look_b(b0);
    a0 = step_a(a0);
    b0 = step_b(b0);
    var next_a1 = vec4f(0);
    var next_b1 = vec4f(0);
    if (A_FETCHES == 2u) {
      next_a1 = look_a(a1);
      a1 = step_a(a1);
    }
    if (B_FETCHES == 2u) {
      next_b1 = look_b(b1);
      b1 = step_b(b1);
    }
    if (turn > 0u) {
      // From the half that the turn before has filled.
      let rows = (8u - half) * A_PITCH + y;
      let columns = (8u - half) * B_PITCH + x;
      for (var k = 0u; k < 8u; k++) {
        let r = a_tile[rows + k * A_PITCH];
        let s = b_tile[columns + k * B_PITCH];
        c[0] = fma(vec4f(r.x), s, c[0]);
        c[1] = fma(vec4f(r.y), s, c[1]);
        c[2] = fma(vec4f(r.z), s, c[2]);
        c[3] = fma(vec4f(r.w), s, c[3]);
        if (SIDE == 8u) {
          let q = a_tile[rows + k * A_PITCH + ROWS / 8u];
          let u = b_tile[columns + k * B_PITCH + COLUMNS / 8u];
          c[4] = fma(vec4f(r.x), u, c[4]);
          c[5] = fma(vec4f(r.y), u, c[5]);
          c[6] = fma(vec4f(r.z), u, c[6]);
          c[7] = fma(vec4f(r.w), u, c[7]);
          c[8] = fma(vec4f(q.x), s, c[8]);
          c[9] = fma(vec4f(q.y), s, c[9]);
          c[10] = fma(vec4f(q.z), s, c[10]);
          c[11] = fma(vec4f(q.w), s, c[11]);
          c[12] = fma(vec4f(q.x), u, c[12]);
          c[13] = fma(vec4f(q.y), u, c[13]);
          c[14] = fma(vec4f(q.z), u, c[14]);
          c[15] = fma(vec4f(q.w), u, c[15]);
        }
      }
    }
    stash_a(half, at_a0, next_a0);
    stash_b(half, at_b0, next_b0);
    if (A_FETCHES == 2u) {
      stash_a(half, at_a1, next_a1);
    }
    if (B_FETCHES == 2u) {
      stash_b(half, at_b1, next_b1);
    }
    workgroupBarrier();
  }
  settle(w, 4u * y, 4u * x, mat4x4f(c[0], c[1], c[2], c[3]));
  if (SIDE == 8u) {
    settle(w, 4u * y, 4u * x + COLUMNS / 2u, mat4x4f(c[4], c[5], c[6], c[7]));
    settle(w, 4u * y + ROWS / 2u, 4u * x, mat4x4f(c[8], c[9], c[10], c[11]));
    settle(w, 4u * y + ROWS / 2u, 4u * x + COLUMNS / 2u, mat4x4f(c[12], c[13], c[14], c[15]));
  }
}
