import { accountDescriptions } from './descriptions/accounts.ts';
import { dashboardDescriptions } from './descriptions/dashboard.ts';
import { deliveryDescriptions } from './descriptions/deliveries.ts';
import { helloIdDescriptions } from './descriptions/helloid.ts';
import { monitoringDescriptions } from './descriptions/monitoring.ts';
import type { Descriptions } from './description.ts';

/** What the document says of each route. */
export const descriptions: Descriptions = {
  ...helloIdDescriptions,
  ...accountDescriptions,
  ...deliveryDescriptions,
  ...dashboardDescriptions,
  ...monitoringDescriptions,
};
