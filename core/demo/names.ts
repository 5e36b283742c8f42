/** Name pools per country. `mail` is the romanised form that mail addresses and account names are made of. */
export interface NamePart {
  readonly text: string
  readonly mail: string
}

/** `Voß=voss` lists the written and the romanised form; without `=` both are the same in lower case. */
const parts = (list: string): readonly NamePart[] =>
  list.split(' ').map((entry) => {
    const [text = '', mail] = entry.split('=')
    return { text, mail: mail ?? text.toLowerCase() }
  })

export interface NamePool {
  readonly given: readonly NamePart[]
  readonly family: readonly NamePart[]
  /** East Asian order: family name first, no space in Chinese. */
  readonly familyFirst: boolean
  readonly separator: string
}

export const NAME_POOLS: Readonly<Record<'DE' | 'GB' | 'JP' | 'TW', NamePool>> = {
  DE: {
    given: parts(
      'Anja Birgit Clemens Dörte=doerte Emil Friederike Günter=guenter Hannah Ingo Jörg=joerg Karin Lena Matthias Nele Oskar Petra Ralf Silke Timo Ulrike Wiebke Ayşe=ayse Željko=zeljko Paweł=pawel Zoë=zoe',
    ),
    family: parts(
      'Albrecht Bäumler=baeumler Dietz Eßer=esser Fröhlich=froehlich Gräf=graef Hübner=huebner Jäger=jaeger Köhler=koehler Lindner Möller=moeller Nowak Opitz Pfeiffer Quandt Rößler=roessler Schütz=schuetz Thiele Ullrich Vogt Weiß=weiss Özdemir=oezdemir Kowalczyk Horváth=horvath Zschoche',
    ),
    familyFirst: false,
    separator: ' ',
  },
  GB: {
    given: parts(
      'Alice Ben Chloe Daniel Eleanor Fraser Gwen Harriet Isaac Jemima Kieran Lucy Marcus Niamh Oliver Priya Rhys Siobhán=siobhan Tom Zara',
    ),
    family: parts(
      "Ashworth Barker Clegg Dunn Eccles Farrow Gill Hargreaves Iqbal Jowett Kaur Lumb Metcalfe Naylor O'Brien=obrien Pickles Rhodes Sutcliffe Thackray Whitaker",
    ),
    familyFirst: false,
    separator: ' ',
  },
  JP: {
    given: parts(
      '葵=aoi 大輔=daisuke 恵美=emi 文子=fumiko 五郎=goro 浩=hiroshi 一郎=ichiro 淳子=junko 健太=kenta 真理=mari 美咲=misaki 修=osamu 涼子=ryoko 翔=sho 太郎=taro 優=yu さくら=sakura 悠真=yuma',
    ),
    family: parts(
      '阿部=abe 遠藤=endo 藤田=fujita 浜崎=hamasaki 石井=ishii 神谷=kamiya 小林=kobayashi 松井=matsui 中村=nakamura 大野=ohno 齋藤=saito 佐々木=sasaki 﨑山=sakiyama 高木=takagi 上田=ueda 渡邊=watanabe 山口=yamaguchi 吉田=yoshida',
    ),
    familyFirst: true,
    separator: ' ',
  },
  TW: {
    given: parts(
      '雅婷=ya-ting 柏翰=po-han 志明=chih-ming 詩涵=shih-han 建宏=chien-hung 佳穎=chia-ying 家豪=chia-hao 靜怡=ching-yi 美玲=mei-ling 品妤=pin-yu 承恩=cheng-en 淑芬=shu-fen 廷瑋=ting-wei 欣怡=hsin-yi 宇軒=yu-hsuan 思妤=szu-yu',
    ),
    family: parts(
      '蔡=tsai 陳=chen 鄭=cheng 張=chang 許=hsu 黃=huang 郭=kuo 賴=lai 李=li 劉=liu 廖=liao 蘇=su 王=wang 吳=wu 葉=yeh 楊=yang 曾=tseng 臺=tai',
    ),
    familyFirst: true,
    separator: '',
  },
}
