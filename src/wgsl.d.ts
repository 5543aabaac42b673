// Lets TypeScript import a shader as text: import source from '../shaders/relu.wgsl' with { type: 'text' }.
declare module '*.wgsl' {
  const source: string
  // biome-ignore lint/style/noDefaultExport: Bun gives a text import as the default export
  export default source
}
