// C = A B on GPUs with matrix units: as product-tiled.wgsl, whose operands' files follow here too, but what is fetched is
// rounded to f16 on its way to workgroup memory, and 32 lanes make 32 x 64 of C together, sixteen k a turn, summed in f32.
// Tiles lie as they come, [row][16 k] where along, else [k][row], padded so that eight lines of 16 bytes fall on different
// banks. At the end sums pass through `slots`, 16 rows x 32 columns of 32 lanes at a time, a lane then has 4 x 4.
// The floor of a turn of 128 x 128: 2^18 multiply-adds on 16 KiB read (f32, as arrays stay), 16 a byte.
override ROWS: u32 = 128;
override COLUMNS: u32 = 128;
override A_ALONG: bool = false;
override B_ALONG: bool = false;
override LANES: u32 = ROWS * COLUMNS / 64;
override TEAMS_ACROSS: u32 = COLUMNS / 64;
override A_FETCHES: u32 = 2 * ROWS / LANES;
override B_FETCHES: u32 = 2 * COLUMNS / LANES;
// In vec4s, as are the halves of the tiles.
override A_PITCH: u32 = select(ROWS / 4 + 2, 6, A_ALONG);
override B_PITCH: u32 = select(COLUMNS / 4 + 2, 6, B_ALONG);
override A_HALF: u32 = select(16, ROWS, A_ALONG) * A_PITCH;
override B_HALF: u32 = select(16, COLUMNS, B_ALONG) * B_PITCH;

var<workgroup> a_tile: array<vec4h, 2 * A_HALF>;
var<workgroup> b_tile: array<vec4h, 2 * B_HALF>;
var<workgroup> slots: array<vec4f, 4 * LANES>;

// Row (column) and k of the `i`th vec4 of eight k.
fn item(i: u32, along: bool, size: u32) -> vec2u {
  return select(vec2u(4u * (i % (size / 4u)), i / (size / 4u)), vec2u(i / 2u, 4u * (i % 2u)), along);
}

fn stash_a(half: u32, at: vec2u, k: u32, v: vec4f) {
  let i = select((at.y + k) * A_PITCH + at.x / 4u, at.x * A_PITCH + (at.y + k) / 4u, A_ALONG);
  a_tile[half * A_HALF + i] = vec4h(v);
}

fn stash_b(half: u32, at: vec2u, k: u32, v: vec4f) {
  let i = select((at.y + k) * B_PITCH + at.x / 4u, at.x * B_PITCH + (at.y + k) / 4u, B_ALONG);
  b_tile[half * B_HALF + i] = vec4h(v);
}

fn settle_pair(w: vec3u, first: u32, lane: u32, row: u32, column: u32) {
  let r = 4u * (lane / 8u);
  let i = first + 8u * r + lane % 8u;
  workgroupBarrier();
  settle(w, row + r, column + 4u * (lane % 8u), mat4x4f(slots[i], slots[i + 8u], slots[i + 16u], slots[i + 24u]));
  workgroupBarrier();
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) t: u32, @builtin(workgroup_id) w: vec3u) {
  let team = t / 32u;
  let row = 32u * (team / TEAMS_ACROSS);
  let column = 64u * (team % TEAMS_ACROSS);
  let at_a0 = item(t, A_ALONG, ROWS);
  let at_a1 = item(t + LANES, A_ALONG, ROWS);
  let at_b0 = item(t, B_ALONG, COLUMNS);
  let at_b1 = item(t + LANES, B_ALONG, COLUMNS);
  var a0 = aim_a(w, at_a0.x, at_a0.y);
  var a1 = aim_a(w, at_a1.x, at_a1.y);
  var b0 = aim_b(w, at_b0.x, at_b0.y);
  var b1 = aim_b(w, at_b1.x, at_b1.y);
  var sums: Sums;
  let end = (turns(w) + 1u) / 2u;
  for (var turn = 0u; turn <= end; turn++) {
    let half = turn % 2u;
    let a00 = look_a(a0);
    let b00 = look_b(b0);
    a0 = step_a(a0);
    b0 = step_b(b0);
    let a01 = look_a(a0);
    let b01 = look_b(b0);
    a0 = step_a(a0);
    b0 = step_b(b0);
    var a10 = vec4f(0);
    var a11 = vec4f(0);
    var b10 = vec4f(0);
    var b11 = vec4f(0);
    if (A_FETCHES == 2u) {
      a10 = look_a(a1);
      a1 = step_a(a1);
      a11 = look_a(a1);
      a1 = step_a(a1);
    }
    if (B_FETCHES == 2u) {
      b10 = look_b(b1);
      b1 = step_b(b1);
      b11 = look_b(b1);
      b1 = step_b(b1);
    }
    if (turn > 0u) {
      multiply(&sums, 1u - half, row, column);
    }
    stash_a(half, at_a0, 0u, a00);
    stash_b(half, at_b0, 0u, b00);
    stash_a(half, at_a0, 8u, a01);
    stash_b(half, at_b0, 8u, b01);
    if (A_FETCHES == 2u) {
      stash_a(half, at_a1, 0u, a10);
      stash_a(half, at_a1, 8u, a11);
    }
    if (B_FETCHES == 2u) {
      stash_b(half, at_b1, 0u, b10);
      stash_b(half, at_b1, 8u, b11);
    }
    workgroupBarrier();
  }
  unload(128u * team, sums[0], sums[1]);
  settle_pair(w, 128u * team, t % 32u, row, column);
  unload(128u * team, sums[2], sums[3]);
  settle_pair(w, 128u * team, t % 32u, row, column + 32u);
  unload(128u * team, sums[4], sums[5]);
  settle_pair(w, 128u * team, t % 32u, row + 16u, column);
  unload(128u * team, sums[6], sums[7]);
  settle_pair(w, 128u * team, t % 32u, row + 16u, column + 32u);
}
