"""The normal forms of e-mail addresses, telephone numbers and names, and their hash.

Every form takes a value as somebody wrote it and the country of telephone numbers, and gives None where
the value is none. Unicode is composed (NFC) first: the same letter can be written in two ways, and their
hashes differ.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache

HASHED = re.compile(r"[0-9a-fA-F]{64}")
ADDRESS = re.compile(r"\w[^@\s]*@[^@\s]+\.[^@\s.]+")
"""An e-mail address; those that begin with a sign are left out: a spreadsheet would take them for a formula."""
GMAIL = ("gmail.com", "googlemail.com")
US_POSTCODE = re.compile(r"(\d{5})(-?\d{4})?")


def is_hashed(text: str) -> bool:
    """Whether a value is a SHA-256 hash already: 64 hexadecimal digits.

    >>> is_hashed("d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69")
    True
    """
    return HASHED.fullmatch(text.strip()) is not None


def hashed(text: str) -> str:
    """SHA-256 of the UTF-8 text without a salt, as lower-case hexadecimal digits (FIPS 180-4).

    >>> hashed("adsapi")[:16]
    '49e0be2aeccfb51a'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().lower()


def _together(text: str) -> str:
    return "".join(_composed(text).split())


def _address(text: str) -> str | None:
    return text if ADDRESS.fullmatch(text) else None


def trimmed_email(text: str, _: str | None = None) -> str | None:
    """Without outer spaces, in lower case.

    >>> trimmed_email(" John_Smith@gmail.com "), trimmed_email("john")
    ('john_smith@gmail.com', None)
    """
    return _address(_composed(text))


def spaceless_email(text: str, _: str | None = None) -> str | None:
    """Without any spaces, in lower case."""
    return _address(_together(text))


def untagged_email(text: str, _: str | None = None) -> str | None:
    """Without any spaces and without what stands from a plus sign to the @, in lower case.

    >>> untagged_email("Jane.Doe+Shop@example.com")
    'jane.doe@example.com'
    """
    name, at, domain = _together(text).partition("@")
    return _address(f"{name.partition('+')[0]}{at}{domain}")


def google_email(text: str, _: str | None = None) -> str | None:
    """Without spaces, in lower case; at Gmail without dots and without what follows a plus sign.

    >>> google_email("cloudy.sanfrancisco+shopping@gmail.com"), google_email("user.name+NYC@Example.com")
    ('cloudysanfrancisco@gmail.com', 'user.name+nyc@example.com')
    """
    name, at, domain = _together(text).partition("@")
    if domain in GMAIL:
        name = name.partition("+")[0].replace(".", "")
    return _address(f"{name}{at}{domain}")


@lru_cache(maxsize=4_096)
def e164(text: str, country: str | None = None) -> str | None:
    """A telephone number as + and digits (ITU-T E.164), by libphonenumber's rules.

    A number without a country code needs the country; one that cannot be a number of its country is none.

    >>> e164("(800) 555-0100", "US"), e164("030 1234567", "DE"), e164("030 1234567") is None
    ('+18005550100', '+49301234567', True)
    """
    import phonenumbers

    given = text.strip()
    international = f"+{given[2:]}" if given.startswith("00") else given
    try:
        number = phonenumbers.parse(international, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def phone_digits(text: str, country: str | None = None) -> str | None:
    """A telephone number with its country code, digits only: no plus sign, no leading zeros.

    >>> phone_digits("(650) 555-1212", "US"), phone_digits("+374-93-828222")
    ('16505551212', '37493828222')
    """
    number = e164(text, country)
    return number and number.removeprefix("+")


def lower_name(text: str, _: str | None = None) -> str | None:
    """A name without outer spaces, in lower case.

    >>> lower_name(" Zoë ")
    'zoë'
    """
    return _composed(text) or None


def unpunctuated_name(text: str, _: str | None = None) -> str | None:
    """A name in lower case without punctuation; letters of every script stay.

    >>> unpunctuated_name("O'Neil-Pérez")
    'oneilpérez'
    """
    return "".join(one for one in _composed(text) if unicodedata.category(one)[0] != "P").strip() or None


def bare_place(text: str, _: str | None = None) -> str | None:
    """A place in lower case, without spaces and punctuation.

    >>> bare_place("Saint-Étienne")
    'saintétienne'
    """
    return "".join(one for one in _composed(text) if one.isalnum()) or None


def country_code(text: str, _: str | None = None) -> str | None:
    """A country as two lower-case letters (ISO 3166-1 alpha-2); None for anything else.

    >>> country_code("DE"), country_code("Germany") is None
    ('de', True)
    """
    import phonenumbers

    code = _composed(text)
    return code if code.upper() in phonenumbers.SUPPORTED_REGIONS else None


def as_written(text: str, _: str | None = None) -> str | None:
    """A name or a postcode without outer spaces."""
    return text.strip() or None


def bare_postcode(text: str, _: str | None = None) -> str | None:
    """A postcode in lower case without spaces and dashes; of one in the United States the first five digits.

    >>> bare_postcode("94016-1234"), bare_postcode("WC2H 8LG")
    ('94016', 'wc2h8lg')
    """
    code = _together(text)
    if american := US_POSTCODE.fullmatch(code):
        return american[1]
    return code.replace("-", "") or None
