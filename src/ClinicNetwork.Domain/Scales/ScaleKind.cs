namespace ClinicNetwork.Domain.Scales;

/// <summary>The scales that the network scores.</summary>
[GenerateSerializer, Alias("scale-kind")]
public enum ScaleKind
{
    Phq9 = 1,
    Gad7 = 2,
    Madrs = 3,
    QidsSr16 = 4,
    CssrsScreener = 5,
    Cadss6 = 6,
    LongTermSafety = 7,
    Moaas = 8,
}
