/**
 * For a gRPC channel that stays on this machine: gRPC sends everything through the proxy that `grpc_proxy`, `https_proxy`
 * or `http_proxy` names, servers on the loopback address included.
 */
export const withoutProxy = { channelArgs: { 'grpc.enable_http_proxy': 0 } } as const;

/** Whether an address (`host:port`) stays on this machine. */
export const isLoopback = (address: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\]):\d+$/i.test(address);

/** What to add to the environment of a program, so that no proxy comes between it and this machine's own servers. */
export function loopbackWithoutProxy(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const excepted = [env['no_proxy'] ?? env['NO_PROXY'], 'localhost,127.0.0.1,::1'].filter(Boolean).join(',');
  return { no_proxy: excepted, NO_PROXY: excepted };
}
