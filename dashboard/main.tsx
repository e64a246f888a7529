import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/table.css';
import './styles/dialog.css';
import './styles/pages.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { keepAges } from './format.ts';
import { applyPreferences } from './preferences.ts';
import { followAddress } from './route.ts';

const root = document.getElementById('app');
if (root) {
  applyPreferences();
  keepAges();
  followAddress();
  render(<App />, root);
}
