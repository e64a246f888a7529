/** What the Azure Functions host loads: registers every route and the timer. Nothing here may throw, or every route would answer 404. */
import azure from '@azure/functions';
import { azureHandler, azureTimer, closeApp } from './azure.ts';
import { routes } from './routes.ts';

for (const route of routes) {
  azure.app.http(route.name, {
    methods: route.method === 'GET' ? ['GET', 'HEAD'] : [route.method], // probes ask by HEAD, too, and our own server answers them
    route: route.path,
    authLevel: 'anonymous', // the keys are ours, and so the same on every host
    handler: azureHandler(route),
  });
}

// our own ledger knows what is due: with the host's monitor the timer would need a storage account, and never fire without one
azure.app.timer('daily-dump', {
  schedule: '0 */5 * * * *',
  runOnStartup: false,
  useMonitor: false,
  handler: azureTimer,
});
azure.app.hook.appTerminate(closeApp);
