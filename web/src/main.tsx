// main.tsx - the dashboard, put into its page.
import './fonts.css';
import '@mantine/core/styles.layer.css';
import './look.css';
import { createRoot } from 'react-dom/client';
import { App } from './app';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
