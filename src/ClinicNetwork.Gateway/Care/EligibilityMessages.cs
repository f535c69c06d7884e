using ClinicNetwork.Domain.Eligibility;
using ClinicNetwork.Domain.Protocols;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>Eligibility and its catalogue from the domain to the wire.</summary>
internal static class EligibilityMessages
{
    public static Wire.GetEligibilityResponse Of(EligibilityReport report, Wire.Revision revision)
    {
        var message = new Wire.GetEligibilityResponse { Verdict = (Wire.EligibilityVerdict)report.Verdict, Revision = revision };
        message.Lines.AddRange(report.Lines.Select(l => new Wire.EligibilityLine
        {
            Rule = l.Rule.Key,
            Text = l.Rule.Text,
            Effect = (Wire.RuleEffect)l.Rule.Effect,
            Answer = (Wire.RuleAnswer)l.Answer,
            Fact = l.Fact,
            Value = l.Value,
            Day = l.Day is { } day ? PatientMessages.Iso(day) : "",
            AsksFor = l.Rule.AsksFor,
            Source = l.Rule.Source,
        }));
        return message;
    }

    public static Wire.Contraindication Of(Contraindication contraindication)
    {
        var message = new Wire.Contraindication
        {
            Code = contraindication.Code,
            Version = contraindication.Version,
            Text = contraindication.Text,
            AsksFor = contraindication.AsksFor,
            Source = contraindication.Source,
        };
        message.Weights.AddRange(Enum.GetValues<Drug>().Select(d => new Wire.DrugWeight { Drug = (Wire.Drug)d, Weight = (Wire.ContraindicationWeight)contraindication.WeightFor(d) }));
        return message;
    }
}
