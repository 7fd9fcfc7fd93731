"""A report in the form that was asked for."""

from ascension.accounts.choices import Language
from ascension.reports.content import Material, report_of
from ascension.reports.document import document_of
from ascension.reports.options import ReportFormat
from ascension.reports.page import page_of


def report_as(to: ReportFormat, material: Material, language: Language) -> bytes:
    """One file. Raises PictureUnreadable where the picture of the wall is none."""
    report = report_of(material, language)
    return page_of(report) if to == "html" else document_of(report)
