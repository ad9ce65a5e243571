'use strict';

{
  const SHEETS = [
    ['La photosynthèse', 'SVT', '4e', '8 questions, dont un dessin'],
    ['Les fractions', 'Mathématiques', 'CM2', '12 questions à choix'],
    ['Fractions et partages', 'Mathématiques', '6e', '6 questions, deux textes à trous'],
    ['La Révolution française', 'Histoire-géographie', '4e', '10 questions, une réponse orale'],
    ['Accorder le verbe', 'Français', 'CE2', '9 textes à trous'],
    ['Lire à voix haute', 'Français', 'CE1', '3 réponses orales'],
    ['What time is it?', 'Anglais', '6e', '5 réponses orales'],
    ['Le volcanisme', 'SVT', '4e', '7 questions, deux dessins'],
  ];
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

  const list = document.querySelector('#fiches');
  const message = document.querySelector('#message');
  const words = document.querySelector('#mots');
  const filter = document.querySelector('#filtre');

  const card = ([title, subject, level, content]) => {
    const item = document.createElement('li');
    item.className = 'card';
    item.innerHTML =
      '<h3></h3><p class="hint"></p><details><summary>Aperçu <span class="sr"></span></summary><p></p></details><p class="actions"><button type="button" class="light">Dupliquer <span class="sr"></span></button></p>';
    item.querySelector('h3').textContent = title;
    if (subject == 'Anglais') item.querySelector('h3').lang = 'en';
    item.querySelector('.hint').textContent = `${subject}, ${level}`;
    item.querySelector('details p').textContent = content + '.';
    for (const hidden of item.querySelectorAll('.sr')) hidden.textContent = `: ${title}`;
    item.querySelector('details').addEventListener('toggle', (event) => {
      if (event.target.open) demo.event('Catalogue', 'apercu-fiche');
    });
    item.querySelector('button').addEventListener('click', () => {
      demo.event('Catalogue', 'duplication');
      message.textContent = `« ${title} » est copié dans vos quiz.`;
    });
    return item;
  };
  const show = (sheets) => list.replaceChildren(...sheets.map(card));

  document.querySelector('#recherche').addEventListener('submit', (event) => {
    event.preventDefault();
    const sought = words.value.trim();
    const found = SHEETS.filter(([title, subject]) => plain(title).includes(plain(sought)) && (!filter.value || subject == filter.value));
    if (sought) window._paq.push(['trackSiteSearch', sought, filter.value || false, found.length]);
    message.textContent = found.length ? `${found.length} quiz trouvé${found.length > 1 ? 's' : ''}.` : 'Aucun quiz trouvé : essayez un autre mot, ou toutes les disciplines.';
    show(found);
  });
  show(SHEETS);
}
