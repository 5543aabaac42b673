// Lines that go before product-halves.wgsl: what a subgroup of 32 lanes does with its matrix units, 16 x 16 x 16, operands
// f16 and sums f32. Lanes of a workgroup are numbered through its subgroups in order, which the self-test shows.
enable f16;
enable subgroups;
enable chromium_experimental_subgroup_matrix;
diagnostic(off, chromium.subgroup_matrix_uniformity);

alias Sum = subgroup_matrix_result<f32, 16, 16>;
// Of 32 rows x 64 columns: [row / 16][column / 16].
alias Sums = array<Sum, 8>;
alias Left = subgroup_matrix_left<f16, 16, 16>;
alias Right = subgroup_matrix_right<f16, 16, 16>;

fn left(half: u32, row: u32) -> Left {
  if (A_ALONG) {
    return subgroupMatrixLoad<Left, row_major>(&a_tile, half * A_HALF + row * A_PITCH, A_PITCH);
  }
  return subgroupMatrixLoad<Left, col_major>(&a_tile, half * A_HALF + row / 4u, A_PITCH);
}

fn right(half: u32, column: u32) -> Right {
  if (B_ALONG) {
    return subgroupMatrixLoad<Right, col_major>(&b_tile, half * B_HALF + column * B_PITCH, B_PITCH);
  }
  return subgroupMatrixLoad<Right, row_major>(&b_tile, half * B_HALF + column / 4u, B_PITCH);
}

// The sums and sixteen k of a half of the tiles, from a row and a column on.
fn multiply(sums: ptr<function, Sums>, half: u32, row: u32, column: u32) {
  let a0 = left(half, row);
  let a1 = left(half, row + 16u);
  let b0 = right(half, column);
  (*sums)[0] = subgroupMatrixMultiplyAccumulate(a0, b0, (*sums)[0]);
  (*sums)[4] = subgroupMatrixMultiplyAccumulate(a1, b0, (*sums)[4]);
  let b1 = right(half, column + 16u);
  (*sums)[1] = subgroupMatrixMultiplyAccumulate(a0, b1, (*sums)[1]);
  (*sums)[5] = subgroupMatrixMultiplyAccumulate(a1, b1, (*sums)[5]);
  let b2 = right(half, column + 32u);
  (*sums)[2] = subgroupMatrixMultiplyAccumulate(a0, b2, (*sums)[2]);
  (*sums)[6] = subgroupMatrixMultiplyAccumulate(a1, b2, (*sums)[6]);
  let b3 = right(half, column + 48u);
  (*sums)[3] = subgroupMatrixMultiplyAccumulate(a0, b3, (*sums)[3]);
  (*sums)[7] = subgroupMatrixMultiplyAccumulate(a1, b3, (*sums)[7]);
}

// Two neighbouring matrices as 16 rows of eight vec4s from vec4 `first` of `slots` on.
fn unload(first: u32, a: Sum, b: Sum) {
  subgroupMatrixStore<row_major>(&slots, first, a, 8);
  subgroupMatrixStore<row_major>(&slots, first + 4u, b, 8);
}
