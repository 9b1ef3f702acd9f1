function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}

/** First names of women, as American census lists have them; three letters at least (a complaint id takes three). */
export const womensNames = words(`
  Abigail Alexandra Alicia Allison Amanda Amber Amy Andrea Angela Ann April Ashley Barbara Brenda Brianna Brittany
  Carla Caroline Catherine Christina Cindy Courtney Crystal Danielle Dawn Deborah Diana Donna Elizabeth Emily Erica
  Erin Gabriella Hannah Heather Holly Jasmine Jennifer Jessica Joanna Julia Karen Kathleen Kayla Kelly Kimberly
  Kristen Laura Lauren Leah Linda Lisa Lori Margaret Maria Megan Melissa Michelle Monica Natalie Nicole Olivia
  Pamela Patricia Rachel Rebecca Rhonda Robin Samantha Sandra Sara Sharon Stacy Stephanie Susan Tammy Tina Valerie
  Vanessa Victoria Wendy Whitney Yvonne`)

/** First names of men; three letters at least. */
export const mensNames = words(`
  Aaron Adam Alan Alexander Andrew Anthony Austin Benjamin Brandon Brent Brian Bryan Calvin Carl Chad Charles
  Christian Christopher Cody Corey Craig Dale Daniel David Dennis Derek Donald Douglas Dylan Edward Eric Ethan Frank
  Gary George Gregory Henry Ian Jacob James Jared Jason Jeffrey Jeremy Jesse John Jonathan Jordan Joseph Joshua Juan
  Justin Keith Kenneth Kevin Kyle Larry Logan Louis Luis Marcus Mark Martin Matthew Michael Nathan Nicholas Patrick
  Paul Peter Philip Raymond Richard Robert Ronald Ryan Samuel Scott Sean Shane Stephen Steven Terry Thomas Timothy
  Todd Travis Tyler Victor Vincent Walter Wesley William Xavier Zachary`)

/** Family names; `Omalley` is there because a careless repair of `.om` breaks it. */
export const familyNames = words(`
  Abbott Adams Adkins Allen Alvarez Anderson Armstrong Bailey Baker Barnes Bennett Black Blair Bowman Boyd Brooks
  Brown Bryant Burke Burns Butler Campbell Carlson Carr Carter Castillo Chandler Chavez Clark Coleman Collins Cook
  Cooper Cox Crane Crawford Cruz Davis Dean Diaz Dixon Dunn Edwards Elliott Ellis Evans Farmer Fisher Ford Foster
  Fox Freeman Garcia Gardner Gibson Gilbert Gomez Gonzalez Gordon Graham Grant Gray Green Griffin Hall Hamilton
  Hansen Harper Harris Hart Hayes Henderson Hernandez Hill Holland Howard Hudson Hughes Hunt Hunter Jackson Jenkins
  Jensen Johnson Jones Jordan Kelley Kelly Kennedy Kim King Knight Lambert Lawson Leblanc Lee Lewis Long Lopez Maddox
  Marshall Martin Martinez Mason McCoy Medina Mendoza Meyer Miller Mitchell Moore Morales Morgan Morris Murphy Murray
  Myers Nelson Newman Nguyen Nichols Olson Omalley Ortiz Owens Parker Patel Patterson Perez Perry Peters Peterson
  Phillips Porter Powell Price Ramirez Reed Reyes Reynolds Rice Richardson Rivera Robbins Roberts Robinson Rodriguez
  Rogers Roman Rose Ross Ruiz Russell Sanchez Sanders Saunders Schmidt Schultz Scott Shaw Simmons Simpson Smith Snyder
  Spencer Stephens Stevens Stewart Stone Sullivan Taylor Thomas Thompson Torres Tucker Turner Vargas Vasquez Wagner
  Walker Wallace Ward Warren Washington Watson Weaver Webb Wells West Wheeler White Williams Wilson Wood Woods Wright
  Young Zimmerman`)
