import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { connect } from './app/connection.ts';

const place = document.getElementById('root') ?? document.createElement('div');
if (!place.isConnected) document.body.append(place);
place.id = 'root';
createRoot(place).render(<App connection={connect()} />);
