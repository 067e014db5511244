/** A few sentences, and what they rest on. */
export interface Finding {
  readonly text: string;
  readonly sources: readonly { readonly url: string; readonly title: string }[];
}

/** One side of a subject, and the agent that looks into it. */
export interface Brief {
  readonly agent: 'reader' | 'historian';
  readonly label: string;
  readonly task: string;
  readonly thought: string;
  readonly findings: readonly Finding[];
}

export interface Subject {
  readonly topic: string;
  readonly keywords: readonly string[];
  readonly plan: string;
  readonly briefs: readonly Brief[];
  readonly summary: readonly Finding[];
}

const WIKI = 'https://en.wikipedia.org/wiki';
const NOAA = 'https://oceanservice.noaa.gov';

const FORCE = { url: `${WIKI}/Tidal_force`, title: 'Tidal force' };
const TIDE = { url: `${WIKI}/Tide`, title: 'Tide' };
const SPRING = { url: `${NOAA}/facts/springtide.html`, title: 'What are spring and neap tides?' };
const TUTORIAL = { url: `${NOAA}/education/tutorial_tides/`, title: 'Tides and Water Levels' };
const FUNDY = { url: `${WIKI}/Bay_of_Fundy`, title: 'Bay of Fundy' };
const NODES = { url: `${WIKI}/Amphidromic_point`, title: 'Amphidromic point' };
const RESONANCE = { url: `${WIKI}/Tidal_resonance`, title: 'Tidal resonance' };
const MIDDLE_SEA = { url: 'https://www.britannica.com/place/Mediterranean-Sea', title: 'Mediterranean Sea' };
const THEORY = { url: `${WIKI}/Theory_of_tides`, title: 'Theory of tides' };
const PYTHEAS = { url: 'https://www.britannica.com/biography/Pytheas', title: 'Pytheas' };
const MACHINE = { url: `${WIKI}/Tide-predicting_machine`, title: 'Tide-predicting machine' };

/** What the offline model knows. */
export const LIBRARY: readonly Subject[] = [
  {
    topic: 'Tides',
    keywords: ['tide', 'tides', 'sea', 'moon', 'ocean', 'water'],
    plan: 'There are three sides to this: what pulls, why coasts differ so much, and how anybody found out. I ask two readers and a historian at once, and put together what they find.',
    briefs: [
      {
        agent: 'reader',
        label: 'What pulls',
        task: 'Which forces raise the tides, and why do they change over a month?',
        thought: 'The pull itself is not the point; how it differs across the Earth is.',
        findings: [
          {
            text: 'The Moon pulls a little harder on the side of the Earth that faces it than on the middle, and a little less on the far side. It is this difference that counts, and it raises the water on both sides at once, so that most coasts have two high waters a day.',
            sources: [FORCE, TUTORIAL],
          },
          {
            text: 'The Sun does the same with somewhat less than half the strength, since it is so much farther away.',
            sources: [TIDE],
          },
          {
            text: 'At new and full moon the two pull along one line and the range is largest: these are spring tides. A week later they pull at right angles, and the range is smallest.',
            sources: [SPRING],
          },
        ],
      },
      {
        agent: 'reader',
        label: 'Why coasts differ',
        task: 'Why is the tide many metres high on some coasts and hardly there on others?',
        thought: 'The bulges of the textbooks meet land. I have to look at basins.',
        findings: [
          {
            text: 'Real water has to get past real land. In a bay whose own swing keeps time with the tide, each one adds to the last: in the Bay of Fundy the range comes to sixteen metres.',
            sources: [FUNDY, RESONANCE],
          },
          {
            text: 'In the open ocean the tide turns around points where the level does not change at all, and grows with the distance from them.',
            sources: [NODES],
          },
          {
            text: 'A sea that is nearly closed has little of either: most of the Mediterranean rises and falls by a few decimetres.',
            sources: [MIDDLE_SEA],
          },
        ],
      },
      {
        agent: 'historian',
        label: 'Who found out',
        task: 'Who first explained the tides, and how did people learn to foretell them?',
        thought: 'From a traveller to a machine: four steps should do.',
        findings: [
          {
            text: 'Pytheas of Massalia sailed to Britain in the fourth century BC, saw tides that the Mediterranean does not have, and connected them with the Moon.',
            sources: [PYTHEAS],
          },
          {
            text: 'Newton explained in 1687 why there are two bulges, and Laplace in 1775 why that is not enough: the water has to move, and moves as waves in basins that turn with the Earth.',
            sources: [THEORY],
          },
          {
            text: 'Harbours needed tables, not equations. From 1872 on machines with wheels and pulleys added up the waves, and foretold a year of tides in a few hours.',
            sources: [MACHINE],
          },
        ],
      },
    ],
    summary: [
      {
        text: 'Tides come from a difference: the Moon, and less so the Sun, pull unevenly on the near and the far side of the Earth.',
        sources: [FORCE, TIDE],
      },
      {
        text: 'How high the water rises is up to the shape of the coast, which is why one bay has sixteen metres and another sea has next to nothing.',
        sources: [FUNDY, MIDDLE_SEA],
      },
      {
        text: 'It took two thousand years from the first person who wrote down the connection with the Moon to a machine that could say when to sail.',
        sources: [PYTHEAS, MACHINE],
      },
    ],
  },
];
