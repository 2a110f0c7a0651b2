"""How each platform wants its list: one dated profile each, because one hash does not fit all.

A platform that changes its mind is a new version here; the version and its day go into every manifest.
"""

from segmentry.records.audience import Field, Form, Platform, Slot, Treatment
from segmentry.stages.audience import forms

LOOKED_AT = "2026-11-27"
"""The day that all sources were looked at."""

AD_CONSENTS = (("ad_user_data",), ("ad_personalization",))
"""Consent to give user data to an advertising platform, and to personalised advertising, as Google names them."""

MAIL_CONSENT = (
    "email_marketing_consent",
    "email_consent",
    "accepts_email_marketing",
    "accepts_marketing",
    "marketing_consent",
    "email_opt_in",
    "marketing_opt_in",
    "newsletter_consent",
)
"""Names of the column that says who agreed to marketing by e-mail."""


def _hashed(header: str, field: Field, form: Form) -> Slot:
    return Slot(header=header, field=field, treatment=Treatment.HASHED, form=form)


def _plain(header: str, field: Field, form: Form) -> Slot:
    return Slot(header=header, field=field, treatment=Treatment.PLAIN, form=form)


GOOGLE = Platform(
    name="google",
    title="Google Customer Match",
    version="google-2026-11",
    dated=LOOKED_AT,
    sources=(
        "developers.google.com/data-manager/api/devguides/concepts/formatting: normal forms and hashing (undated)",
        "support.google.com/google-ads/answer/7659867: headers and the CSV file (undated)",
        "developers.google.com/ads-data-hub: 100 users active within 30 days, 1,000 for YouTube (undated)",
    ),
    slots=(
        _hashed("Email", Field.EMAIL, forms.google_email),
        _hashed("Phone", Field.PHONE, forms.e164),
        _hashed("First Name", Field.FIRST_NAME, forms.lower_name),
        _hashed("Last Name", Field.LAST_NAME, forms.lower_name),
        _plain("Country", Field.COUNTRY, forms.country_code),
        _plain("Zip", Field.POSTCODE, forms.as_written),
    ),
    consents=AD_CONSENTS,
    together=("First Name", "Last Name", "Country", "Zip"),
    smallest=((100, "Google Ads"), (1_000, "YouTube")),
    note="Dots and +suffixes go at gmail.com and googlemail.com only; country and postcode are not hashed.",
)

META_PARAMETERS = (
    "developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/"
    "customer-information-parameters: normal forms with published hashes (9 January 2026)"
)

META = Platform(
    name="meta",
    title="Meta Custom Audience",
    version="meta-2026-01",
    dated=LOOKED_AT,
    sources=(
        META_PARAMETERS,
        "facebook.com/business/help/2082575038703844: headers; no lists of fewer than 100 people (undated)",
    ),
    slots=(
        _hashed("email", Field.EMAIL, forms.trimmed_email),
        _hashed("phone", Field.PHONE, forms.phone_digits),
        _hashed("fn", Field.FIRST_NAME, forms.unpunctuated_name),
        _hashed("ln", Field.LAST_NAME, forms.unpunctuated_name),
        _hashed("ct", Field.CITY, forms.bare_place),
        _hashed("zip", Field.POSTCODE, forms.bare_postcode),
        _hashed("country", Field.COUNTRY, forms.country_code),
    ),
    consents=AD_CONSENTS,
    smallest=((100, "a Custom Audience"),),
    note="Telephone numbers are digits with the country code, without a plus sign; Gmail is like any other.",
)

TIKTOK_HELP = "ads.tiktok.com/help/article/"

TIKTOK = Platform(
    name="tiktok",
    title="TikTok Custom Audience",
    version="tiktok-2025-09",
    dated=LOOKED_AT,
    sources=(
        f"{TIKTOK_HELP}how-to-create-a-custom-audience-with-a-customer-file: hashes, 1,000 entries (September 2025)",
        f"{TIKTOK_HELP}list-of-supported-ids-and-formats-for-a-customer-file: +suffixes, plus signs (August 2025)",
    ),
    slots=(
        _hashed("Email_SHA256", Field.EMAIL, forms.untagged_email),
        _hashed("Phone_SHA256", Field.PHONE, forms.phone_digits),
    ),
    consents=AD_CONSENTS,
    smallest=((1_000, "a customer file"),),
    note=(
        "TikTok's pages disagree on the plus sign of telephone numbers. The page of September 2025 recommends it, "
        "allows numbers without, and its published hash is of the number without; so is this profile."
    ),
)

X = Platform(
    name="x",
    title="X List Custom Audience",
    version="x-2026-11",
    dated=LOOKED_AT,
    sources=(
        "developer.x.com/en/docs/x-ads-api/audiences/overview/user-data: e-mail and hashing (undated)",
        "business.x.com/en/help/campaign-setup/campaign-targeting/custom-audiences/lists: the file, 100 users (undated)",
        "github.com/twitterdev/ads-platform-tools, hash_tailored_audience_file.py: telephone numbers (2014)",
    ),
    slots=(
        _hashed("email", Field.EMAIL, forms.spaceless_email),
        _hashed("phone", Field.PHONE, forms.phone_digits),
    ),
    consents=AD_CONSENTS,
    smallest=((100, "targeting"),),
    note="Telephone numbers are digits without leading zeros, as X's own hashing tool writes them.",
)

KLAVIYO = Platform(
    name="klaviyo",
    title="Klaviyo list",
    version="klaviyo-2026-11",
    dated=LOOKED_AT,
    sources=(
        "help.klaviyo.com/hc/en-us/articles/115005078967: the CSV file and its headers (undated)",
        "help.klaviyo.com/hc/en-us/articles/360043841811: consent (undated)",
    ),
    slots=(
        _plain("Email", Field.EMAIL, forms.trimmed_email),
        _plain("Phone Number", Field.PHONE, forms.e164),
        _plain("First Name", Field.FIRST_NAME, forms.as_written),
        _plain("Last Name", Field.LAST_NAME, forms.as_written),
    ),
    consents=(MAIL_CONSENT,),
    advertises=False,
    note="Nothing is hashed: Klaviyo sends the messages itself. Keep the file as safe as your customer table.",
)

CSV = Platform(
    name="csv",
    title="CSV file",
    version="csv-1",
    dated=LOOKED_AT,
    sources=(),
    slots=(
        _plain("email", Field.EMAIL, forms.trimmed_email),
        _plain("phone", Field.PHONE, forms.e164),
        _plain("first_name", Field.FIRST_NAME, forms.as_written),
        _plain("last_name", Field.LAST_NAME, forms.as_written),
    ),
    consents=(MAIL_CONSENT,),
    advertises=False,
    note="Customer ids with segment and confidence; contacts only where they are given.",
)

PLATFORMS = {one.name: one for one in (CSV, GOOGLE, META, TIKTOK, X, KLAVIYO)}
"""Every platform, by the name that the command line knows."""
