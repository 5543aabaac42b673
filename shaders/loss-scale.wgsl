// What a step takes from the scale s of its loss: scaled = [rate, momentum, weightDecay, 1 / s] for sgd.wgsl, seed = s.
// scaling = [s, steps since it changed]. One lane.
@group(0) @binding(0) var<storage, read_write> hyper: array<f32>;
@group(0) @binding(1) var<storage, read_write> scaling: array<f32>;
@group(0) @binding(2) var<storage, read_write> scaled: array<f32>;
@group(0) @binding(3) var<storage, read_write> seed: array<f32>;

@compute @workgroup_size(1)
fn main() {
  for (var i = 0u; i < 3u; i++) {
    scaled[i] = hyper[i];
  }
  scaled[3] = 1 / scaling[0];
  seed[0] = scaling[0];
}
