// A loaded plan: its memory and bind groups made once, then one encoder and one submit a run.
import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import { type Fault, failure } from '../core/fault.ts'
import type { Binding, CopyStep, DispatchStep, Place, Plan } from '../plan/types.ts'
import type { Memory } from './buffers.ts'
import type { Executable, Named } from './engine.ts'
import type { Compile } from './pipelines.ts'
import { type Encode, type Profile, profileSteps } from './profile.ts'
import { readOutputs } from './read-outputs.ts'
import { settle } from './wait.ts'

/** What an executable needs of its engine. */
export interface Host {
  readonly device: GPUDevice
  readonly memory: Memory
  /** The store's buffer of an argument that the plan names. */
  readonly stored: (name: string) => GPUBuffer | undefined
  readonly compile: Compile
  readonly write: (inputs: Named) => E.Either<Fault, void>
  /** The device's first error since the engine was opened, if there was one. */
  readonly broken: () => Fault | undefined
  readonly software: boolean
  /** Takes the profile of a plan's second run; none are made where it is left out. */
  readonly onProfile?: (profile: Profile) => void
}

/** Runs that may wait on the device at once; more would only lengthen the queue. */
const IN_FLIGHT = 3

interface Loaded {
  readonly arenas: ReadonlyArray<GPUBuffer>
  readonly textures: ReadonlyArray<GPUTexture>
  readonly uniforms: GPUBuffer | null
  readonly readback: GPUBuffer | null
}

const holdMemory = ({ device, memory }: Host, plan: Plan): Loaded => {
  const uniforms = plan.uniforms.byteLength === 0 ? null : memory.uniform(plan.uniforms.byteLength)
  if (uniforms !== null) device.queue.writeBuffer(uniforms, 0, plan.uniforms)
  return {
    arenas: plan.arenas.map((bytes, i) => memory.storage(`arena ${i}`, bytes)),
    textures: plan.textures.map(({ width, height }) => memory.texture(width, height)),
    uniforms,
    readback: plan.bytes.readback === 0 ? null : memory.readback(plan.bytes.readback),
  }
}

const bufferOf = (host: Host, loaded: Loaded, place: Place): GPUBuffer => {
  const buffer = place._tag === 'Store' ? host.stored(place.name) : loaded.arenas[place.arena]
  if (buffer === undefined) throw new Error(`no buffer for ${JSON.stringify(place)}`)
  return buffer
}

const offsetOf = (place: Place): number => (place._tag === 'Store' ? 0 : place.offset)

const resourceOf = (host: Host, loaded: Loaded, binding: Binding): GPUBindingResource => {
  if (binding._tag === 'Texture') {
    const texture = loaded.textures[binding.texture]
    if (texture === undefined) throw new Error(`no texture ${binding.texture}`)
    return texture.createView()
  }
  return {
    buffer: bufferOf(host, loaded, binding),
    offset: offsetOf(binding),
    size: binding.bytes,
  }
}

const bindGroupOf = (
  host: Host,
  loaded: Loaded,
  step: DispatchStep,
  pipeline: GPUComputePipeline,
): GPUBindGroup => {
  const { uniform } = step
  const block =
    uniform === null || loaded.uniforms === null
      ? []
      : [{ buffer: loaded.uniforms, offset: uniform.offset, size: uniform.bytes }]
  const resources = [...block, ...step.bindings.map(b => resourceOf(host, loaded, b))]
  return host.device.createBindGroup({
    label: step.label,
    layout: pipeline.getBindGroupLayout(0),
    entries: resources.map((resource, binding) => ({ binding, resource })),
  })
}

const lost = (error: unknown): Fault =>
  failure(
    `the device stopped: ${error instanceof Error ? error.message : String(error)}`,
    'webgpu',
    'run again; --device cpu works without a device',
  )

/** A step ready to be encoded. */
type Bound =
  | {
      readonly _tag: 'Dispatch'
      readonly pipeline: GPUComputePipeline
      readonly group: GPUBindGroup
      readonly workgroups: DispatchStep['workgroups']
    }
  | { readonly _tag: 'Copy'; readonly encode: (encoder: GPUCommandEncoder) => void }

/** Whole rows of texels first, then the rest of the last row. */
const copier = (host: Host, loaded: Loaded, step: CopyStep): Bound => {
  const source = { buffer: bufferOf(host, loaded, step.from), bytesPerRow: 16 * step.width }
  const texture = loaded.textures[step.texture]
  if (texture === undefined) throw new Error(`no texture ${step.texture}`)
  const rows = Math.floor(step.texels / step.width)
  const rest = step.texels % step.width
  const offset = offsetOf(step.from) + 16 * step.first
  return {
    _tag: 'Copy',
    encode: encoder => {
      if (rows > 0) {
        encoder.copyBufferToTexture({ ...source, offset }, { texture }, [step.width, rows])
      }
      if (rest > 0) {
        const at = { ...source, offset: offset + 16 * step.width * rows }
        encoder.copyBufferToTexture(at, { texture, origin: [0, rows] }, [rest, 1])
      }
    },
  }
}

const bind = (
  host: Host,
  loaded: Loaded,
  plan: Plan,
  pipelines: ReadonlyArray<GPUComputePipeline>,
): ReadonlyArray<Bound> => {
  const rest = [...pipelines]
  return plan.steps.flatMap((step): ReadonlyArray<Bound> => {
    if (step._tag === 'Copy') return [copier(host, loaded, step)]
    const pipeline = rest.shift()
    if (pipeline === undefined) return []
    const group = bindGroupOf(host, loaded, step, pipeline)
    return [{ _tag: 'Dispatch', pipeline, group, workgroups: step.workgroups }]
  })
}

/** One encoder; dispatches between two copies share a pass. */
const submit = (device: GPUDevice, bound: ReadonlyArray<Bound>): void => {
  const encoder = device.createCommandEncoder()
  let pass: GPUComputePassEncoder | null = null
  for (const step of bound) {
    if (step._tag === 'Copy') {
      pass?.end()
      pass = null
      step.encode(encoder)
      continue
    }
    pass ??= encoder.beginComputePass()
    pass.setPipeline(step.pipeline)
    pass.setBindGroup(0, step.group)
    pass.dispatchWorkgroups(step.workgroups[0], step.workgroups[1], step.workgroups[2])
  }
  pass?.end()
  device.queue.submit([encoder.finish()])
}

const encodeAlone =
  (step: Bound): Encode =>
  (encoder, timestampWrites) => {
    if (step._tag === 'Copy') return step.encode(encoder)
    const pass = encoder.beginComputePass(timestampWrites === undefined ? {} : { timestampWrites })
    pass.setPipeline(step.pipeline)
    pass.setBindGroup(0, step.group)
    pass.dispatchWorkgroups(step.workgroups[0], step.workgroups[1], step.workgroups[2])
    pass.end()
  }

/** The first run compiles on some devices; the second is like all others. */
const PROFILED_RUN = 2

/** Turns rejections, and errors that Dawn reports beside the promise, into faults. */
const guarded =
  (host: Host) =>
  <A>(effect: () => Promise<A>): TE.TaskEither<Fault, A> =>
  async () => {
    try {
      const result = await effect()
      const broken = host.broken()
      return broken === undefined ? E.right(result) : E.left(broken)
    } catch (error) {
      return E.left(host.broken() ?? lost(error))
    }
  }

const free = (host: Host, loaded: Loaded): void => {
  for (const one of [...loaded.arenas, ...loaded.textures, loaded.uniforms, loaded.readback]) {
    if (one !== null) host.memory.free(one)
  }
}

/** Makes a plan's memory and bind groups; `pipelines` are those of its dispatches, in order. */
export const executableOf = (
  host: Host,
  plan: Plan,
  pipelines: ReadonlyArray<GPUComputePipeline>,
): Executable => {
  const loaded = holdMemory(host, plan)
  const bound = bind(host, loaded, plan, pipelines)
  const inFlight: Array<Promise<undefined>> = []
  let runs = 0
  const step = async (): Promise<void> => {
    runs += 1
    if (host.onProfile !== undefined && runs === PROFILED_RUN) {
      const { device, memory, software } = host
      host.onProfile(await profileSteps(device, memory, software, plan, bound.map(encodeAlone)))
      return
    }
    submit(host.device, bound)
    inFlight.push(host.device.queue.onSubmittedWorkDone())
    const oldest = inFlight.length < IN_FLIGHT ? undefined : inFlight.shift()
    if (oldest !== undefined) await settle(oldest)
  }
  return {
    bytes: plan.bytes,
    plan,
    run: inputs => async () => {
      const written = host.write(inputs)
      return E.isLeft(written) ? written : guarded(host)(step)()
    },
    outputs: guarded(host)(async () => {
      const source = (place: Place) => ({
        buffer: bufferOf(host, loaded, place),
        offset: offsetOf(place),
      })
      const read = await readOutputs(host.device, plan.outputs, source, loaded.readback)
      inFlight.length = 0
      return read
    }),
    release: () => {
      free(host, loaded)
    },
  }
}
