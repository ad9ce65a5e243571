'use strict';

for (const form of document.querySelectorAll('[data-copie]')) {
  const copy = form.dataset.copie;
  const message = document.querySelector(`#message-${copy}`);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    demo.event('Correction', 'annotation', 'texte');
    message.textContent = `L’annotation de la copie ${copy} est enregistrée.`;
  });
  document.querySelector(`[data-recorder="annotation-orale-${copy}"]`).addEventListener('enregistre', (event) => {
    demo.event('Correction', 'annotation', 'audio', event.detail);
    message.textContent = `L’annotation orale de la copie ${copy} est enregistrée.`;
  });
}
