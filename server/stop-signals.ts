/**
 * The signals that mean "answer what is in flight, then end". Windows knows no SIGTERM: a service wrapper and the keyboard send Ctrl-C (SIGINT) or Ctrl-Break
 * (SIGBREAK), a console window that is closed SIGHUP. Elsewhere SIGHUP keeps its meaning, for who runs the connector under nohup.
 */
export function stopSignals(platform: NodeJS.Platform): NodeJS.Signals[] {
  return platform === 'win32' ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGTERM', 'SIGINT'];
}
