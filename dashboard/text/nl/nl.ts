import { audit } from './audit.ts';
import { deliveries } from './deliveries.ts';
import { frame } from './frame.ts';
import { health } from './health.ts';
import { overview } from './overview.ts';
import { people } from './people.ts';
import { words } from './words.ts';

import type { Text } from '../types.ts';

export const nl: Text = { ...frame, overview, deliveries, people, audit, health, words };
