using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Names as they are compared between records: what differs by spelling alone is equal.</summary>
public static class MatchForm
{
    /// <summary>
    /// Capitals by what they are without their accents: the canonical decompositions of Unicode 15 below U+1F00 (UnicodeData.txt), since without culture data the platform decomposes nothing.
    /// </summary>
    private static readonly (string Plain, string Accented)[] Accents =
    [
        ("A", "ÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦḀẠẢẤẦẨẪẬẮẰẲẴẶ"), ("B", "ḂḄḆ"), ("C", "ÇĆĈĊČḈ"), ("D", "ĎḊḌḎḐḒ"), ("E", "ÈÉÊËĒĔĖĘĚȄȆȨḔḖḘḚḜẸẺẼẾỀỂỄỆ"), ("F", "Ḟ"), ("G", "ĜĞĠĢǦǴḠ"),
        ("H", "ĤȞḢḤḦḨḪ"), ("I", "ÌÍÎÏĨĪĬĮİǏȈȊḬḮỈỊ"), ("J", "Ĵ"), ("K", "ĶǨḰḲḴ"), ("L", "ĹĻĽḶḸḺḼ"), ("M", "ḾṀṂ"), ("N", "ÑŃŅŇǸṄṆṈṊ"), ("O", "ÒÓÔÕÖŌŎŐƠǑǪǬȌȎȪȬȮȰṌṎṐṒỌỎỐỒỔỖỘỚỜỞỠỢ"),
        ("P", "ṔṖ"), ("R", "ŔŖŘȐȒṘṚṜṞ"), ("S", "ŚŜŞŠȘṠṢṤṦṨ"), ("T", "ŢŤȚṪṬṮṰ"), ("U", "ÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖṲṴṶṸṺỤỦỨỪỬỮỰ"), ("V", "ṼṾ"), ("W", "ŴẀẂẄẆẈ"), ("X", "ẊẌ"),
        ("Y", "ÝŶŸȲẎỲỴỶỸ"), ("Z", "ŹŻŽẐẒẔ"), ("Α", "Ά"), ("Ε", "Έ"), ("Η", "Ή"), ("Ι", "ΊΪ"), ("Ο", "Ό"), ("Υ", "ΎΫ"), ("Ω", "Ώ"), ("І", "Ї"), ("А", "ӐӒ"), ("Г", "Ѓ"),
        ("Е", "ЀЁӖ"), ("Ж", "ӁӜ"), ("З", "Ӟ"), ("И", "ЍЙӢӤ"), ("К", "Ќ"), ("О", "Ӧ"), ("У", "ЎӮӰӲ"), ("Ч", "Ӵ"), ("Ы", "Ӹ"), ("Э", "Ӭ"), ("Ѵ", "Ѷ"), ("Ә", "Ӛ"), ("Ө", "Ӫ"),
    ];

    /// <summary>Letters that have no accent to take off, after those that have.</summary>
    private static readonly (string Letter, string Plain)[] Letters =
    [
        ("ß", "SS"), ("ẞ", "SS"), ("Æ", "A"), ("Ǣ", "A"), ("Ǽ", "A"), ("Œ", "O"), ("Ø", "O"), ("Ǿ", "O"), ("Ł", "L"), ("Đ", "D"), ("Ð", "D"), ("Þ", "TH"), ("ı", "I"),
    ];

    /// <summary>An umlaut where there was no key for it.</summary>
    private static readonly (string Two, string Plain)[] Umlauts = [("AE", "A"), ("OE", "O"), ("UE", "U")];

    private static readonly FrozenDictionary<Rune, Rune> Plain =
        Accents.SelectMany(a => a.Accented.EnumerateRunes().Select(r => (Accented: r, Plain: Rune.GetRuneAt(a.Plain, 0)))).ToFrozenDictionary(a => a.Accented, a => a.Plain);

    /// <summary>In capitals, without accents, blanks and signs: Müller and Mueller, D'Arcy and Darcy are the same. Empty for no name alone.</summary>
    public static string Of(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var rune in name.ToUpperInvariant().EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.ModifierLetter)
            {
                plain.Append(Plain.GetValueOrDefault(rune, rune));
            }
        }

        foreach (var (from, to) in Letters.Concat(Umlauts))
        {
            plain.Replace(from, to);
        }

        return plain.Length > 0 ? plain.ToString() : name.Trim();
    }

    /// <summary>Of the first of several given names: Anna of Anna Maria and of Anna-Maria.</summary>
    public static string OfFirst(string givenName) => Of(givenName.Split([' ', '-', '\u00A0', '\u2010', '\u2011'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? givenName);
}
