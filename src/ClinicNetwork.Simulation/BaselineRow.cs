namespace ClinicNetwork.Simulation;

/// <summary>Recorded sex, as in NHANES.</summary>
public enum VirtualSex
{
    Female = 1,
    Male = 2,
}

/// <summary>So many persons (1 or more) of one sex, age (18-80 years; 80 means 80 and over) and PHQ-9 total (10-27).</summary>
public readonly record struct BaselineRow(VirtualSex Sex, int AgeYears, int Phq9Total, int Count);
