namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>Tuples of one image.</summary>
/// <param name="Rows">Of all the tuples together that are to be placed.</param>
/// <param name="Expected">Loss to expect of them all together.</param>
/// <param name="First">One of the tuples.</param>
/// <param name="HasClasses">Some classes lie within the image.</param>
internal record struct ImageGroup(int Rows, double Expected, int First, bool HasClasses);
