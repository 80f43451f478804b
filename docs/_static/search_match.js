// Find pages by words, in Korean and in English; search.js draws what is found.
//
// A Korean word is found by its noun: alone, with particles or an ending, and in a compound, whose
// spaces make no difference. An English word is found by its stem, in identifiers too. A name from
// the glossary that the book itself does not use leads to the one that it uses.
"use strict";

function createSearch({ pages, names }, stemmer) {
  // What may follow a noun: particles, one after the other, or a form of 이다, 하다 or 되다.
  const PARTICLE =
    "(?:은|는|이|가|을|를|의|에|에서|에게|으로|로|으로서|로서|으로써|로써|으로부터|로부터|와|과|이랑|랑|하고|도|만|" +
    "부터|까지|마다|조차|마저|밖에|처럼|같이|보다|대로|만큼|이나|나|이라도|라도|이란|란|이든|든|이든지|든지|들|뿐|" +
    "쯤|끼리|씩|요)";
  const COPULA =
    "(?:이?(?:다|고|며|면|므로|지만|라|라서|라고|라는|라면|자|니|니까|어서|어야)|인|인데|인지|일|임|입니다|입니까|여야|" +
    "였[가-힣]*|이었[가-힣]*)";
  const PARTICLES = new RegExp(`^${PARTICLE}+$`);
  const WORD_END = new RegExp(`^(?:${PARTICLE}*|${PARTICLE}?${COPULA}[은는도요]?)$`);
  const VERB_END = /^(?:하|해|했|한|할|함|합|되|돼|됐|된|될|됨|됩|시키|시킨|시킬|시킵|당하|당한)[가-힣]*$/;
  // These take further particles, and would pass for the last syllables of a noun.
  const STACKING = /(?:만|들|뿐|까지|부터|마다|조차|마저)$/;
  // Syllables that make a compound with the noun behind them: 편미분, but not 되풀이.
  const PREFIX = /^[각고다미반부비신역재전초총최탈편]$/;
  const LONGEST_ENDING = 12;
  // A name on no more pages than this is mentioned, not used.
  const MENTIONED = 2;
  const WEIGHTS = { title: 12, heading: 6, prose: 2, code: 1 };

  const squeeze = (text) => text.toLowerCase().replace(/[\s_-]+/g, "");
  const pagesOf = (places) => new Set(places.map(({ field }) => field.page));

  // ---- The book: the fields of every section, with their English words ready to compare.

  const stems = new Map();
  const fields = pages.flatMap(([, sections], page) =>
    sections.flatMap(([, heading, prose, code], section) =>
      Object.entries({ [section ? "heading" : "title"]: heading, prose, code })
        .filter(([, text]) => text)
        .map(([kind, text]) => ({ page, section, kind, text, words: englishWords(text) }))
    )
  );
  const known = new Map(names.flatMap((entry) => entry.map((name) => [squeeze(name), entry])));

  function stem(word) {
    if (!stems.has(word)) {
      const british = word.replace(/iz(?=(?:e[drs]?|ers|ing|ations?)$)/, "is");
      stems.set(word, stemmer.stemWord(british));
    }
    return stems.get(word);
  }

  // The parts of identifiers are words; the first of them knows the whole: LeastSquares, float32.
  function englishWords(text) {
    return [...text.matchAll(/[A-Za-z0-9]+/g)].flatMap((run) =>
      [...run[0].matchAll(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g)].map((part) => ({
        word: part[0].toLowerCase(),
        run: part.index ? "" : run[0].toLowerCase(),
        start: run.index + part.index,
        end: run.index + part.index + part[0].length,
      }))
    );
  }

  // ---- Finders: functions from a field to the hits in it. A hit is whole if it is the word asked
  // for and no compound or other form of it; its tail is the ending that follows.

  function isWord(noun, tail) {
    return WORD_END.test(tail) || (noun.length > 1 && VERB_END.test(tail));
  }

  function findNoun(noun) {
    // a space may stand where both sides have two syllables, or where the glossary puts one
    const spelled = (known.get(noun) || []).filter((name) => squeeze(name) === noun);
    const lengths = (words) => words.map((_, at) => words.slice(0, at).join("").length);
    const spaces = new Set(spelled.flatMap((name) => lengths(name.split(" "))));
    spaces.delete(0);
    const mayPart = (at) => (at > 1 && at < noun.length - 1) || spaces.has(at);
    const pattern = [...noun].map((syllable, at) => (mayPart(at) ? " ?" : "") + syllable).join("");
    return ({ text }) =>
      [...text.matchAll(new RegExp(pattern, "g"))]
        .map((match) => {
          const [start, end] = [match.index, match.index + match[0].length];
          const before = text.slice(Math.max(0, start - 2), start).match(/[가-힣]*$/)[0];
          const [tail] = text.slice(end, end + LONGEST_ENDING).match(/^[가-힣]*/);
          return { start, end, tail, before, whole: !before && isWord(noun, tail) };
        })
        .filter(
          ({ whole, before }) =>
            whole || (noun.length > 1 && (before.length !== 1 || PREFIX.test(before)))
        );
  }

  function findEnglish(name, asPrefix) {
    const wanted = englishWords(name).map(({ word }) => word);
    const joined = squeeze(name);
    const same = (word, want) => stem(word) === stem(want);
    const begins = (word, want) => same(word, want) || (asPrefix && word.startsWith(want));
    return ({ text, words }) => {
      const follows = (at) => /^[\s_.-]?$/.test(text.slice(words[at - 1].end, words[at].start));
      return words.flatMap(({ run, start }, at) => {
        const last = at + wanted.length - 1;
        const matches =
          last < words.length &&
          wanted.every((want, i) => (i < wanted.length - 1 ? same : begins)(words[at + i].word, want)) &&
          wanted.every((_, i) => i === 0 || follows(at + i));
        if (!matches && !(run && begins(run, joined))) return [];
        const end = matches ? words[last].end : start + run.length;
        return [{ start, end, tail: "", whole: squeeze(text.slice(start, end)) === joined }];
      });
    };
  }

  // One after the other, with an ending and a space at most between them.
  function findSequence(finders) {
    return finders.reduce((first, second) => (field) => {
      const heads = first(field);
      const nexts = heads.length ? second(field) : [];
      return heads.flatMap((head) => {
        const next = nexts.find(
          ({ start }) =>
            start >= head.end && /^[가-힣]*[\s_.-]?$/.test(field.text.slice(head.end, start))
        );
        return next ? [{ ...next, start: head.start }] : [];
      });
    });
  }

  function findText(text, asPrefix) {
    if (/^[가-힣\s]+$/.test(text) && known.has(squeeze(text))) return findNoun(squeeze(text));
    const atoms = [...text.matchAll(/[가-힣]+|[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?/g)];
    const finders = atoms.flatMap(({ 0: atom, index }) => {
      if (!/[가-힣]/.test(atom)) return [findEnglish(atom, asPrefix)];
      const particle = /[A-Za-z0-9]$/.test(text.slice(0, index)) && WORD_END.test(atom); // SGD를
      return particle ? [] : [findNoun(nounOf(atom))];
    });
    return finders.length ? findSequence(finders) : () => [];
  }

  function placesOf(find) {
    return fields.map((field) => ({ field, hits: find(field) })).filter(({ hits }) => hits.length);
  }

  // ---- The query

  // The word itself, and what is left of it without an ending, the longest first.
  function nounsIn(word) {
    const cuts = [...word].slice(0, LONGEST_ENDING + 1).keys();
    const beginnings = [...cuts].map((cut) => word.slice(0, word.length - cut));
    return beginnings.filter((noun) => isWord(noun, word.slice(noun.length)));
  }

  function nameIn(text) {
    return nounsIn(squeeze(text)).find((noun) => known.has(noun));
  }

  // The noun of a word is what the book uses as a subject or an object, or with any particle.
  function nounOf(word) {
    const candidates = nounsIn(word);
    const tails = new Map(
      candidates.map((noun) => [
        noun,
        new Set(placesOf(findNoun(noun)).flatMap(({ hits }) => hits.map(({ tail }) => tail))),
      ])
    );
    const isUsed = (noun) => {
      const closed = (noun.charCodeAt(noun.length - 1) - 0xac00) % 28 > 0;
      const subject = tails.get(noun).has(closed ? "이" : "가");
      const object = tails.get(noun).has(closed ? "을" : "를");
      return noun.length > 1 ? (subject || object) && !STACKING.test(noun) : subject && object;
    };
    const isSeen = (noun) =>
      noun.length > 1 && [...tails.get(noun)].some((tail) => PARTICLES.test(tail));
    return nameIn(word) || candidates.find(isUsed) || candidates.find(isSeen) || word;
  }

  // The words of a query, and what is one term: a quotation, or a name from the glossary.
  function unitsOf(query) {
    const chunks = query.match(/"[^"]*"|“[^”]*”|\S+/g) || [];
    const units = [];
    while (chunks.length) {
      const joined = chunks.map((_, at) => chunks.slice(0, at + 1).join(" "));
      const longest = joined.map((text) => Boolean(nameIn(text))).lastIndexOf(true);
      units.push(joined[Math.max(longest, 0)]);
      chunks.splice(0, Math.max(longest, 0) + 1);
    }
    return units;
  }

  function termOf(unit) {
    const name = nameIn(unit);
    const entry = known.get(name) || [];
    const spelled = entry.find((other) => squeeze(other) === name) || unit;
    const find = (asPrefix) => findText(spelled, asPrefix);
    const exact = placesOf(find(false));
    const places = exact.length ? exact : placesOf(find(true));
    const own = places.filter(({ hits }) => hits.some(({ whole }) => whole));
    if (!name || squeeze(entry[0]) === name || pagesOf(own).size > MENTIONED) return { places };
    const found = new Set(places.map(({ field }) => field));
    const main = placesOf(findText(entry[0], false));
    if (main.every(({ field }) => found.has(field))) return { places };
    return { lead: { name: spelled, term: entry[0] }, places: [...own, ...main] };
  }

  // ---- The answer

  function score(places) {
    return places.reduce((sum, { field, hits }) => {
      const whole = hits.some((hit) => hit.whole) ? 1 : 0.5;
      const { start, end, tail } = hits[0];
      const alone = end + tail.length - start === field.text.length ? 2 : 1;
      return sum + WEIGHTS[field.kind] * whole * alone + Math.log(hits.length) / 4;
    }, 0);
  }

  function resultOf(page, places) {
    const bySection = new Map();
    for (const place of places) {
      const { section } = place.field;
      bySection.set(section, [...(bySection.get(section) || []), place]);
    }
    const scores = new Map([...bySection].map(([section, inIt]) => [section, score(inIt)]));
    const section = [...scores.keys()].reduce((a, b) => (scores.get(b) > scores.get(a) ? b : a));
    const marks = (...kinds) =>
      bySection
        .get(section)
        .filter(({ field }) => kinds.includes(field.kind))
        .flatMap(({ hits }) => hits)
        .sort((a, b) => a.start - b.start);
    const [url, sections] = pages[page];
    const [anchor, heading, prose, code] = sections[section];
    const inCode = !marks("prose").length && marks("code").length > 0;
    return {
      score: scores.get(section),
      url: `${url}#${anchor}`,
      title: sections[0][1],
      heading,
      headingMarks: marks("title", "heading"),
      inCode,
      text: inCode ? code : prose,
      textMarks: marks(inCode ? "code" : "prose"),
    };
  }

  return function search(query) {
    const units = unitsOf(query.normalize("NFC")).filter((unit) => /[가-힣A-Za-z0-9]/.test(unit));
    const terms = units.map(termOf);
    const onPages = terms.map(({ places }) => pagesOf(places));
    const common = [...(onPages[0] || [])].filter((page) => onPages.every((set) => set.has(page)));
    const places = terms.flatMap((term) => term.places);
    const results = common.map((page) =>
      resultOf(page, places.filter(({ field }) => field.page === page))
    );
    return {
      leads: terms.flatMap(({ lead }) => lead || []),
      results: results.sort((a, b) => b.score - a.score), // equals stay in order
    };
  };
}
