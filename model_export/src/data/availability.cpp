#include "data/availability.h"

#include <fmt/format.h>

#include <string_view>

namespace vitrine::data {

namespace {

// Words without spaces, hyphens, slashes and other punctuation, in lower case.

constexpr std::string_view kNotForSale =
    // Flags and states.
    "false|f|no|n|off|none|archived|archive|hidden|draft|private|pending|trash|deleted|removed|"
    "disabled|inactive|unlisted|unpublished|notvisible|notvisibleindividually|invisible|blocked|"
    "discontinued|obsolete|retired|endoflife|eol|expired|suspended|"
    // Stock. schema.org has OutOfStock, SoldOut, Discontinued, Reserved, InStoreOnly.
    "outofstock|outstock|oos|nostock|notinstock|noinventory|soldout|sold|unavailable|notavailable|"
    "currentlyunavailable|temporarilyunavailable|temporarilyoutofstock|permanentlyoutofstock|"
    "notforsale|reserved|instoreonly|stockout|zero|empty|"
    // German, French, Spanish, Italian, Portuguese.
    "ausverkauft|nichtverfügbar|nichtverfugbar|nichtverfuegbar|nichtlieferbar|nichtvorrätig|"
    "nichtvorratig|nichtauflager|vergriffen|derzeitnichtverfügbar|nein|"
    "épuisé|epuise|rupture|enrupture|rupturedestock|enrupturedestock|indisponible|nondisponible|"
    "horsstock|non|"
    "agotado|agotada|sinstock|sinexistencias|nodisponible|fueradestock|nohaystock|"
    "esaurito|esaurita|nondisponibile|indisponibile|terminato|"
    "esgotado|esgotada|indisponível|indisponivel|semestoque|foradeestoque|semstock|não|nao|"
    // Dutch, Polish, Scandinavian, Finnish, Czech, Hungarian, Romanian, Turkish.
    "uitverkocht|nietopvoorraad|nietbeschikbaar|nietleverbaar|nee|"
    "wyprzedane|niedostępny|niedostepny|niedostępne|brak|brakwmagazynie|nie|"
    "slutsåld|slutilager|ejilager|nej|udsolgt|ikkepålager|utsolgt|loppu|"
    "loppuunmyyty|eivarastossa|ei|vyprodáno|vyprodano|nenískladem|neniskladem|nedostupné|ne|"
    "elfogyott|nincsraktáron|nincskészleten|nem|stocepuizat|indisponibil|nu|tükendi|tukendi|"
    "stoktayok|hayır|"
    // Russian, Ukrainian, Greek, Chinese, Japanese, Korean.
    "нетвналичии|нет|распродано|отсутствует|немаєвнаявності|немає|εξαντλημένο|εξαντλήθηκε|"
    "μηδιαθέσιμο|缺货|缺貨|售罄|售完|无货|無貨|下架|已下架|売り切れ|在庫なし|在庫切れ|品切れ|"
    "품절|재고없음";

constexpr std::string_view kForSale =
    "true|t|yes|y|on|active|enabled|visible|published|publish|public|listed|catalog|search|"
    "catalogsearch|shopandsearch|catalog,search|instock|available|availablenow|instockonline|"
    "limitedavailability|onlineonly|preorder|presale|backorder|onbackorder|backordered|madetoorder|"
    "lowstock|limited|limitedstock|fewleft|availableforpreorder|availablefororder|forsale|"
    "lieferbar|verfügbar|verfugbar|verfuegbar|vorrätig|vorratig|auflager|sofortlieferbar|"
    "vorbestellbar|ja|disponible|enstock|oui|disponibile|sí|si|disponível|disponivel|emestoque|"
    "sim|opvoorraad|beschikbaar|leverbaar|dostępny|dostepny|wmagazynie|tak|ilager|pålager|"
    "varastossa|skladem|ano|raktáron|készleten|igen|înstoc|instoc|da|stoktavar|evet|вналичии|"
    "євнаявності|есть|да|διαθέσιμο|有货|有貨|現貨|现货|在庫あり|재고있음";

}  // namespace

std::string for_sale_sql(const std::string& text) {
  // "0,0" is a stock of none as well.
  const std::string number = fmt::format("TRY_CAST(replace({}, ',', '.') AS DOUBLE)", text);
  const std::string word = fmt::format(
      "regexp_replace(regexp_replace(lower({}), '^https?://schema.org/', ''), "
      "'[\\s_./:()!?''\"-]+', '', 'g')",
      text);
  return fmt::format(
      "CASE WHEN {0} IS NULL OR trim({0}) = '' THEN NULL WHEN {1} IS NOT NULL THEN {1} > 0 WHEN "
      "regexp_full_match({2}, '{3}') THEN false WHEN regexp_full_match({2}, '{4}') THEN true END",
      text, number, word, kNotForSale, kForSale);
}

}  // namespace vitrine::data
