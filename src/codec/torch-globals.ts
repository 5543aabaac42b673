// The only names that a .pth file may ask for, and what the storages among them hold.
import type { Dtype } from './number-array.ts'

/** Element types by the name of PyTorch's storage class. */
const storages: Readonly<Record<string, Dtype>> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
}

/** The functions that make a tensor of a storage, an offset, sizes and strides. */
export const rebuildsTensor: ReadonlySet<string> = new Set([
  'torch._utils._rebuild_tensor',
  'torch._utils._rebuild_tensor_v2',
])

/** The wraps of a tensor, which is their first argument. */
export const wrapsTensor: ReadonlySet<string> = new Set([
  'torch._utils._rebuild_parameter',
  'torch._utils._rebuild_parameter_with_state',
  'torch.nn.parameter.Parameter',
])

const inert: ReadonlySet<string> = new Set([
  'collections.OrderedDict',
  'torch.Size',
  'torch.device',
  '_codecs.encode',
])

const dtypes = /^torch\.(float|double|half|bfloat16|float(16|32|64)|u?int8|int(16|32|64)|bool)$/

/** The element type that a storage class holds, or undefined where it is no storage that is read. */
export const storageDtype = (name: string): Dtype | undefined =>
  Object.hasOwn(storages, name) ? storages[name] : undefined

/** True for the names that weights need; none of them is ever called. */
export const allowsGlobal = (name: string): boolean =>
  rebuildsTensor.has(name) ||
  wrapsTensor.has(name) ||
  inert.has(name) ||
  storageDtype(name) !== undefined ||
  dtypes.test(name)
