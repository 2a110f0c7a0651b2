"""Headers in nine languages mean the same: one list says what English words mean, a catalog a language what they are called."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import segmentry as sg
from segmentry.edges.catalogs.loading import LANGUAGES, column_lexicon, language_entry, languages
from segmentry.records.catalogs import ColumnFacts
from segmentry.records.columns import Format, Kind, Role
from segmentry.records.languages import spellings
from segmentry.stages.columns.roles import assign_roles
from segmentry.stages.columns.traits import map_traits

LEXICON = column_lexicon()
OTHERS = tuple(code for code in LANGUAGES if code != "en")
TRAITS = ("recency", "frequency", "aov", "discount", "returns")

SHOPS = {
    "en": "days_since_last_order,num_orders,avg_ord_val,discount_pct,ret_rate",
    "de": "Tage_seit_letzter_Bestellung,Bestellanzahl,Durchschnittlicher_Bestellwert,Rabattquote,Retourenanteil",
    "fr": "jours_depuis_derniere_commande,nb_cmd,panier_moyen,taux_remise,taux de retour",
    "es": "DiasDesdeUltimoPedido,cant_pedidos,valor_medio_pedido,porcentaje_descuento,tasa_de_devolución",
    "pt": "dias_desde_a_última_compra,qtd_compras,ticket_medio,uso_de_descontos,taxa_devolucao",
    "it": "giorni_dall_ultimo_ordine,numero_ordini,scontrino_medio,uso_sconti,tasso_resi",
    "nl": "dagen_sinds_laatste_bestelling,aantal_bestellingen,gemiddelde_bestelwaarde,kortingspercentage,retourpercentage",
    "pl": "dni_od_ostatniego_zamówienia,liczba_zamowien,srednia_wartosc_koszyka,udzial_rabatow,wskaznik_zwrotow",
    "tr": "son_siparisten_beri_gun,siparis_sayisi,ortalama_sepet,indirim_orani,iade_orani",
}
PERSONS = {
    "en": "first_name,surname",
    "de": "Vorname,Nachname",
    "fr": "prénom,nom_de_famille",
    "es": "nombre,apellidos",
    "pt": "nome,sobrenome",
    "it": "nome,cognome",
    "nl": "voornaam,achternaam",
    "pl": "imie,nazwisko",
    "tr": "ad,soyadı",
}
RECORDS = {
    "en": "created_at,updated_at,exported_on",
    "de": "Erstellt_am,geaendert,Exportdatum",
    "fr": "date_creation,date_mise_a_jour,date_exportation",
    "es": "fecha_creacion,FechaActualizacion,exportado",
    "pt": "DtCriacao,DtAtualizacao,data_exportacao",
    "it": "data_creazione,data_aggiornamento,data_esportazione",
    "nl": "aangemaakt,bijgewerkt,geexporteerd",
    "pl": "data_utworzenia,data_aktualizacji,data_eksportu",
    "tr": "olusturma_tarihi,guncelleme_tarihi,aktarim_tarihi",
}
PROTECTED = {
    "de": "Alter,Geschlecht,PLZ,Familienstand,Geburtsdatum",
    "fr": "âge,sexe,code_postal,situation_familiale,date_de_naissance",
    "es": "edad,genero,codigo_postal,estado_civil,FechaNacimiento",
    "pt": "idade,gênero,CEP,estado_civil,data_nascimento",
    "it": "eta_,sesso,codice_postale,stato_civile,data_di_nascita",
    "nl": "leeftijd,geslacht,postcode,burgerlijke_staat,geboortedatum",
    "pl": "wiek,plec,kod_pocztowy,stan_cywilny,data_urodzenia",
    "tr": "yas,cinsiyet,posta_kodu,medeni_durum,dogum_tarihi",
}


def column(name: str, kind: Kind = Kind.NUMBER, distinct: int = 60) -> ColumnFacts:
    return ColumnFacts(
        name=name, format=Format(kind=kind), rows=200, missing=0, distinct=distinct, top_share=0.1
    )


def roles(header: str, kind: Kind, distinct: int = 60) -> set[Role]:
    """The roles of the columns of a header beside one measure."""
    facts = [column("spend"), *(column(name, kind, distinct) for name in header.split(","))]
    return {one.role for one in assign_roles(facts, LEXICON)[1:]}


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_says_all_that_english_says(code: str) -> None:
    """The eight catalogs are complete: the same keys as the English one, and no empty entry."""
    entry = language_entry(code)
    assert list(entry.words) == list(language_entry("en").words)
    assert all(entry.words.values())
    assert entry.answers


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_word_of_a_language_means_two_things(code: str) -> None:
    """What a header says must not depend on the order of the catalog."""
    written = {
        key: {one for form in forms for one in spellings(form)}
        for key, forms in language_entry(code).words.items()
    }
    shared = {(a, b): written[a] & written[b] for a, b in combinations(written, 2) if written[a] & written[b]}
    assert not shared


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_shop_has_the_same_traits_in_every_language(code: str) -> None:
    names = SHOPS[code].split(",")
    found = {one.trait: one for one in map_traits(names, LEXICON)}
    assert [found[trait].feature for trait in TRAITS] == names
    assert [found[trait].sign for trait in TRAITS] == [-1, 1, 1, 1, 1]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("distinct", [12, 199])
def test_names_of_persons_are_never_an_id_and_never_a_feature(code: str, distinct: int) -> None:
    assert roles(PERSONS[code], Kind.TEXT, distinct) == {Role.EXCLUDED}


@pytest.mark.parametrize("code", LANGUAGES)
def test_dates_about_the_record_are_no_behaviour(code: str) -> None:
    assert roles(RECORDS[code], Kind.DATE) == {Role.EXCLUDED}


@pytest.mark.parametrize("code", OTHERS)
def test_protected_characteristics_are_known_in_every_language(code: str) -> None:
    assert roles(PROTECTED[code].replace("eta_", "età"), Kind.NUMBER) == {Role.PROTECTED}


@pytest.mark.parametrize(
    "name",
    ["data_usage", "social_media_clicks", "ad_clicks", "plan_fee", "son_gifts", "land_rover_visits", "NumStorePurchases",
     "pays_by", "sale_items", "tag_count", "handy_tools", "quote_requests", "kind_words", "main_market"],
)  # fmt: skip
def test_english_words_that_other_languages_have_too_stay_english(name: str) -> None:
    assert not languages().read(name).foreign


@pytest.mark.parametrize(
    ("name", "trait"),
    [("orders_30d", "frequency"), ("bestellungen_30_tage", "frequency"), ("montant_achats", "spend"),
     ("antiguedad", "tenure"), ("umsaetze", "spend"), ("Umsätze", "spend"), ("customer since (months)", "tenure"),
     ("pedidos_ultimos_90_dias", "frequency"), ("spend_cents", "spend"), ("Umsatz_12M", "spend"),
     ("Kunde_seit_Monaten", "tenure"), ("days_since_data_ultimo_acquisto", "recency"), ("suma_zakupow", "spend")],
)  # fmt: skip
def test_windows_units_and_plain_letters_hide_no_trait(name: str, trait: str) -> None:
    assert [one.trait for one in map_traits([name], LEXICON)] == [trait]


def test_all_orders_come_before_those_of_thirty_days() -> None:
    found = map_traits(["orders_30d", "orders"], LEXICON)
    assert [one.feature for one in found if one.trait == "frequency"] == ["orders"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("numero_quejas_abiertas", "open complaints"), ("gasto_vino", "wine spend"), ("liczba_reklamacji", "complaints"),
     ("bestellungen_30_tage", "orders in 30 days"), ("Kontostand", "balance"), ("Foobarquux_Tage", "foobarquux tage")],
)  # fmt: skip
def test_a_column_is_said_in_english_or_as_it_stands_but_never_half(name: str, said: str) -> None:
    """A word that is in no catalog leaves the whole name as it is."""
    assert LEXICON.say(name).removeprefix("number of ") == said


@pytest.fixture(scope="module")
def shop() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    kind = rng.integers(0, 3, 210)
    means = np.array([[10, 20, 80, 0.1, 0.05], [20, 14, 20, 0.7, 0.1], [300, 2, 25, 0.2, 0.1]])[kind]
    return pd.DataFrame(means * rng.normal(1, 0.08, means.shape), columns=SHOPS["en"].split(",")).round(3)


def test_a_german_shop_has_the_names_and_plays_of_an_english_one(shop: pd.DataFrame) -> None:
    """The language of a header changes nothing that is said of the customers."""
    runs = [
        sg.segment(shop.set_axis(SHOPS[code].split(","), axis=1), effort="quick") for code in ("en", "de")
    ]
    english, german = ([(one.name, one.play.id, one.customers) for one in run.segments] for run in runs)
    assert english == german
